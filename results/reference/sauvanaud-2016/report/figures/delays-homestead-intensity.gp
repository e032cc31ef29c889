# Detection delays, homestead, by intensity
# Data: delays-homestead-intensity.csv. Run 'gnuplot delays-homestead-intensity.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 560,366 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 5.60in,3.66in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'delays-homestead-intensity.'.form
set datafile separator comma
set datafile columnheaders
set title 'homestead, by intensity'
set xlabel 'Seconds from the applied edge to the first alarm'
set yrange [10.5:0.5]
set datafile missing NaN
set bmargin 5.6
set key at graph 0.5, screen 0.012 center bottom horizontal Left reverse
set ytics ('cpu, high' 1, 'cpu, medium' 2, 'disk, high' 3, 'disk, medium' 4, 'latency, high' 5, 'latency, medium' 6, 'memory, high' 7, 'memory, medium' 8, 'packet-loss, high' 9, 'packet-loss, medium' 10) scale 0
set xrange [0:0.698562355]
plot 'delays-homestead-intensity.csv' using ($4 == 0 ? $2 : NaN):1:3 with points pointtype 7 pointsize 0.9 linecolor rgb variable, \
     '' using ($4 == 1 ? $2 : NaN):1:3 with points pointtype 6 pointsize 0.9 linewidth 1.6 linecolor rgb variable, \
     keyentry with points pointtype 7 linecolor rgb '#1b2230' title 'found', \
     keyentry with points pointtype 6 linewidth 1.6 linecolor rgb '#1b2230' title 'alarmed before'
set output
}
