# Metric importance by permutation, homestead
# Data: permutation-homestead.csv. Run 'gnuplot permutation-homestead.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 760,490 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 7.60in,4.90in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'permutation-homestead.'.form
set datafile separator comma
set datafile columnheaders
set xlabel 'Decrease of average precision when shuffled'
set xrange [0:*]
set grid noytics xtics
set border 1
set key outside top center horizontal Left reverse maxrows 2
set yrange [20.5:0.5]
set ytics ('process.VmHWM' 1, 'memory.stat.total_rss' 2, 'memory.stat.total_pgpgin' 3, 'memory.numa_stat.anon.N0' 4, 'network.receive.packets' 5, 'process.time_slices' 6, 'memory.usage_in_bytes' 7, 'process.RssAnon' 8, 'memory.stat.rss' 9, 'process.sleeping' 10, 'memory.kmem.usage_in_bytes' 11, 'memory.kmem.max_usage_in_bytes' 12, 'memory.numa_stat.hierarchical_anon' 13, 'memory.stat.total_pgpgout' 14, 'cpuacct.usage_sys' 15, 'memory.stat.pgpgin' 16, 'process.RssFile' 17, 'process.VmPeak' 18, 'memory.stat.inactive_anon' 19, 'process.count' 20) scale 0
plot 'permutation-homestead.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'network', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process'
set output
}
