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
set ytics ('process.VmData' 1, 'process.VmLck' 2, 'memory.stat.total_rss' 3, 'memory.stat.total_mapped_file' 4, 'memory.stat.rss' 5, 'process.Threads' 6, 'memory.stat.total_shmem' 7, 'process.VmSize' 8, 'pids.current' 9, 'memory.stat.total_unevictable' 10, 'cpu.pressure.some.avg300' 11, 'process.RssAnon' 12, 'memory.kmem.max_usage_in_bytes' 13, 'cpu.stat.nr_periods' 14, 'cpu.unified.usage_usec' 15, 'process.syscr' 16, 'network.transmit.packets' 17, 'network.receive.packets' 18, 'memory.kmem.usage_in_bytes' 19, 'memory.stat.total_pgpgout' 20) scale 0
plot 'importance-homestead.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'network'
set output
}
