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
set ytics ('memory.stat.active_anon' 1, 'cpu.pressure.full.avg60' 2, 'process.VmPTE' 3, 'cpu.pressure.full.avg300' 4, 'memory.stat.total_active_anon' 5, 'cpu.pressure.some.avg10' 6, 'process.VmPeak' 7, 'process.time_slices' 8, 'process.VmHWM' 9, 'process.RssAnon' 10, 'memory.stat.pgpgout' 11, 'memory.numa_stat.hierarchical_anon' 12, 'cpu.stat.nr_throttled' 13, 'network.transmit.bytes' 14, 'memory.stat.pgfault' 15, 'process.syscw' 16, 'memory.kmem.usage_in_bytes' 17, 'cpuacct.stat.system' 18, 'blkio.throttle.io_serviced_recursive.Total' 19, 'memory.stat.rss' 20) scale 0
plot 'permutation-homestead.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'network', \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem'
set output
}
