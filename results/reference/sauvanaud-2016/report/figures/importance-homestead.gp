# Metric importance of the binary model, homestead
# Data: importance-homestead.csv. Run 'gnuplot importance-homestead.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 760,490 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 7.60in,4.90in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'importance-homestead.'.form
set datafile separator comma
set datafile columnheaders
set xlabel 'Mean decrease of Gini impurity (shares of 1)'
set xrange [0:*]
set grid noytics xtics
set border 1
set key outside top center horizontal Left reverse maxrows 2
set yrange [20.5:0.5]
set ytics ('memory.stat.rss' 1, 'process.VmData' 2, 'memory.stat.total_rss' 3, 'memory.stat.total_mapped_file' 4, 'process.count' 5, 'memory.stat.shmem' 6, 'process.VmRSS' 7, 'process.VmPeak' 8, 'memory.stat.mapped_file' 9, 'network.receive.packets' 10, 'cpu.stat.nr_periods' 11, 'cpu.pressure.some.avg60' 12, 'memory.numa_stat.hierarchical_anon.N0' 13, 'memory.max_usage_in_bytes' 14, 'memory.stat.pgpgout' 15, 'process.run_time' 16, 'memory.stat.total_active_anon' 17, 'memory.stat.total_pgpgin' 18, 'process.VmLck' 19, 'process.nonvoluntary_ctxt_switches' 20) scale 0
plot 'importance-homestead.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'network', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu'
set output
}
