# Metric importance of the binary model, bono
# Data: importance-bono.csv. Run 'gnuplot importance-bono.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 760,490 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 7.60in,4.90in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'importance-bono.'.form
set datafile separator comma
set datafile columnheaders
set xlabel 'Mean decrease of Gini impurity (shares of 1)'
set xrange [0:*]
set grid noytics xtics
set border 1
set key outside top center horizontal Left reverse maxrows 2
set yrange [20.5:0.5]
set ytics ('process.VmData' 1, 'process.Threads' 2, 'memory.stat.total_rss' 3, 'process.VmStk' 4, 'process.VmSize' 5, 'memory.numa_stat.unevictable' 6, 'process.RssFile' 7, 'process.write_bytes' 8, 'process.syscw' 9, 'process.VmHWM' 10, 'memory.numa_stat.hierarchical_anon' 11, 'memory.stat.rss' 12, 'process.nonvoluntary_ctxt_switches' 13, 'process.RssAnon' 14, 'memory.numa_stat.total' 15, 'blkio.throttle.io_serviced_recursive.Sync' 16, 'pids.current' 17, 'process.sleeping' 18, 'process.wchar' 19, 'memory.stat.total_dirty' 20) scale 0
plot 'importance-bono.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process', \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem'
set output
}
