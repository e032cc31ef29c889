# Metric importance by permutation, sprout
# Data: permutation-sprout.csv. Run 'gnuplot permutation-sprout.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 760,490 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 7.60in,4.90in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'permutation-sprout.'.form
set datafile separator comma
set datafile columnheaders
set xlabel 'Decrease of average precision when shuffled'
set xrange [0:*]
set grid noytics xtics
set border 1
set key outside top center horizontal Left reverse maxrows 2
set yrange [20.5:0.5]
set ytics ('memory.stat.rss' 1, 'memory.stat.total_dirty' 2, 'process.count' 3, 'process.syscw' 4, 'memory.kmem.max_usage_in_bytes' 5, 'network.transmit.packets' 6, 'memory.stat.total_rss' 7, 'memory.numa_stat.unevictable.N0' 8, 'process.FDSize' 9, 'cpu.pressure.some.avg300' 10, 'cpu.pressure.some.avg60' 11, 'memory.stat.unevictable' 12, 'memory.stat.active_file' 13, 'memory.stat.total_active_anon' 14, 'process.VmData' 15, 'memory.stat.cache' 16, 'pids.current' 17, 'network.receive.packets' 18, 'memory.numa_stat.hierarchical_total' 19, 'cpu.pressure.some.avg10' 20) scale 0
plot 'permutation-sprout.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process', \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'network', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu'
set output
}
