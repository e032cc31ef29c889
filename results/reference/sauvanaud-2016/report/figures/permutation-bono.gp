# Metric importance by permutation, bono
# Data: permutation-bono.csv. Run 'gnuplot permutation-bono.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 760,376 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 7.60in,3.76in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'permutation-bono.'.form
set datafile separator comma
set datafile columnheaders
set xlabel 'Decrease of average precision when shuffled'
set xrange [0:*]
set grid noytics xtics
set border 1
set key outside top center horizontal Left reverse maxrows 2
set yrange [14.5:0.5]
set ytics ('process.syscw' 1, 'process.write_bytes' 2, 'memory.stat.active_anon' 3, 'memory.numa_stat.total.N0' 4, 'memory.stat.cache' 5, 'memory.stat.total_active_anon' 6, 'memory.stat.total_unevictable' 7, 'cpu.pressure.some.avg10' 8, 'memory.max_usage_in_bytes' 9, 'process.FDSize' 10, 'memory.stat.dirty' 11, 'cpu.stat.throttled_time' 12, 'network.transmit.bytes' 13, 'memory.memsw.max_usage_in_bytes' 14) scale 0
plot 'permutation-bono.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem', \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'network'
set output
}
