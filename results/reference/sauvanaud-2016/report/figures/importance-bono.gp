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
set ytics ('process.RssAnon' 1, 'process.sleeping' 2, 'memory.stat.total_active_anon' 3, 'memory.stat.total_rss' 4, 'process.VmSize' 5, 'process.Threads' 6, 'pids.current' 7, 'memory.numa_stat.file.N0' 8, 'memory.stat.rss' 9, 'blkio.throttle.io_serviced_recursive.Read' 10, 'process.wchar' 11, 'process.write_bytes' 12, 'process.time_slices' 13, 'process.RssFile' 14, 'process.syscw' 15, 'network.receive.packets' 16, 'cpuacct.stat.user' 17, 'process.VmData' 18, 'process.minor_faults' 19, 'process.VmHWM' 20) scale 0
plot 'importance-bono.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process', \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'network'
set output
}
