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
set ytics ('memory.stat.shmem' 1, 'memory.stat.rss' 2, 'process.RssAnon' 3, 'memory.stat.active_anon' 4, 'process.sleeping' 5, 'memory.stat.total_active_anon' 6, 'memory.numa_stat.total.N0' 7, 'memory.numa_stat.hierarchical_total.N0' 8, 'memory.stat.inactive_anon' 9, 'memory.stat.total_shmem' 10, 'pids.current' 11, 'process.VmSize' 12, 'cpu.pressure.some.avg60' 13, 'process.nonvoluntary_ctxt_switches' 14, 'process.run_time' 15, 'process.write_bytes' 16, 'cpuacct.usage_percpu.1' 17, 'process.VmStk' 18, 'memory.numa_stat.file.N0' 19, 'process.syscw' 20) scale 0
plot 'importance-sprout.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem'
set output
}
