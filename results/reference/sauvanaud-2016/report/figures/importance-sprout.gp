# Metric importance of the binary model, sprout
# Data: importance-sprout.csv. Run 'gnuplot importance-sprout.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 760,490 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 7.60in,4.90in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'importance-sprout.'.form
set datafile separator comma
set datafile columnheaders
set xlabel 'Mean decrease of Gini impurity (shares of 1)'
set xrange [0:*]
set grid noytics xtics
set border 1
set key outside top center horizontal Left reverse maxrows 2
set yrange [20.5:0.5]
set ytics ('process.RssFile' 1, 'memory.stat.rss' 2, 'memory.stat.total_rss' 3, 'process.RssAnon' 4, 'process.VmData' 5, 'process.VmSize' 6, 'process.VmStk' 7, 'process.count' 8, 'memory.stat.active_anon' 9, 'process.syscw' 10, 'memory.numa_stat.unevictable.N0' 11, 'process.VmLck' 12, 'memory.kmem.usage_in_bytes' 13, 'process.write_bytes' 14, 'memory.numa_stat.hierarchical_total' 15, 'memory.stat.total_active_anon' 16, 'memory.kmem.max_usage_in_bytes' 17, 'cpuacct.usage' 18, 'process.minor_faults' 19, 'network.transmit.bytes' 20) scale 0
plot 'importance-sprout.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process', \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'network'
set output
}
