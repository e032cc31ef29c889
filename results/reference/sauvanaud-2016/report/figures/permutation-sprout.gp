# Metric importance by permutation, sprout
# Data: permutation-sprout.csv. Run 'gnuplot permutation-sprout.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 760,224 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 7.60in,2.24in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'permutation-sprout.'.form
set datafile separator comma
set datafile columnheaders
set xlabel 'Decrease of average precision when shuffled'
set xrange [0:*]
set grid noytics xtics
set border 1
set key outside top center horizontal Left reverse maxrows 2
set yrange [6.5:0.5]
set ytics ('memory.stat.pgpgout' 1, 'memory.stat.total_pgpgin' 2, 'process.write_bytes' 3, 'memory.numa_stat.file' 4, 'process.RssAnon' 5, 'memory.numa_stat.anon.N0' 6) scale 0
plot 'permutation-sprout.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem'
set output
}
