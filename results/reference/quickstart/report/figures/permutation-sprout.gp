# Metric importance by permutation, sprout
# Data: permutation-sprout.csv. Run 'gnuplot permutation-sprout.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 760,243 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 7.60in,2.43in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'permutation-sprout.'.form
set datafile separator comma
set datafile columnheaders
set xlabel 'Decrease of average precision when shuffled'
set xrange [0:*]
set grid noytics xtics
set border 1
set key outside top center horizontal Left reverse maxrows 2
set yrange [7.5:0.5]
set ytics ('memory.stat.total_rss' 1, 'memory.stat.active_anon' 2, 'memory.stat.rss' 3, 'process.RssFile' 4, 'cpu.pressure.some.avg300' 5, 'process.nonvoluntary_ctxt_switches' 6, 'memory.numa_stat.total.N0' 7) scale 0
plot 'permutation-sprout.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process'
set output
}
