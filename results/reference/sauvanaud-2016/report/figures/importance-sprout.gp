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
set ytics ('process.RssAnon' 1, 'process.VmLck' 2, 'process.RssFile' 3, 'process.Threads' 4, 'process.syscw' 5, 'process.VmStk' 6, 'memory.stat.unevictable' 7, 'memory.numa_stat.hierarchical_unevictable.N0' 8, 'memory.stat.total_active_anon' 9, 'memory.stat.total_rss' 10, 'memory.stat.rss' 11, 'cpuacct.usage' 12, 'memory.numa_stat.unevictable.N0' 13, 'memory.stat.inactive_anon' 14, 'process.syscr' 15, 'process.write_bytes' 16, 'memory.numa_stat.total' 17, 'memory.stat.total_dirty' 18, 'memory.numa_stat.hierarchical_file.N0' 19, 'memory.numa_stat.hierarchical_anon' 20) scale 0
plot 'importance-sprout.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process', \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu'
set output
}
