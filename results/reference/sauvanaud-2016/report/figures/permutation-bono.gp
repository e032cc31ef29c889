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
set ytics ('process.write_bytes' 1, 'process.syscw' 2, 'memory.stat.total_pgpgout' 3, 'process.wchar' 4, 'memory.stat.total_rss' 5, 'network.receive.packets' 6, 'memory.numa_stat.file' 7, 'memory.stat.dirty' 8, 'network.receive.bytes' 9, 'cpu.pressure.some.avg10' 10, 'network.transmit.bytes' 11, 'memory.stat.total_cache' 12, 'pids.peak' 13, 'memory.stat.inactive_file' 14) scale 0
plot 'permutation-bono.csv' using ($2/2):1:(0):2:($1-0.36):($1+0.36):3 with boxxyerror fillcolor rgb variable, \
     keyentry with boxes fillcolor rgb '#009e73' title 'filesystem', \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'network', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#56b4e9' title 'process'
set output
}
