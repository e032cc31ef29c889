# Detection delays, sprout, by experiment
# Data: delays-sprout-experiment.csv. Run 'gnuplot delays-sprout-experiment.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 560,256 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 5.60in,2.56in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'delays-sprout-experiment.'.form
set datafile separator comma
set datafile columnheaders
set title 'sprout, by experiment'
set xlabel 'Seconds from the applied edge to the first alarm'
set yrange [5.5:0.5]
set datafile missing NaN
set bmargin 5.6
set key at graph 0.5, screen 0.012 center bottom horizontal Left reverse
set ytics ('cpu, high' 1, 'disk, high' 2, 'latency, high' 3, 'memory, high' 4, 'packet-loss, high' 5) scale 0
set xrange [0:1.07303215]
none = 1.01753049 # where faults without an alarm are shown
set arrow 1 from 0.9712791, graph 0 to 0.9712791, graph 1 nohead dashtype 3 linecolor rgb '#8a93a0'
plot 'delays-sprout-experiment.csv' using ($4 == 0 ? $2 : NaN):1:3 with points pointtype 7 pointsize 0.9 linecolor rgb variable, \
     '' using ($4 == 1 ? $2 : NaN):1:3 with points pointtype 6 pointsize 0.9 linewidth 1.6 linecolor rgb variable, \
     keyentry with points pointtype 7 linecolor rgb '#1b2230' title 'found', \
     keyentry with points pointtype 6 linewidth 1.6 linecolor rgb '#1b2230' title 'alarmed before', \
     '' using (strcol(5) eq 'missed' ? none : NaN):1:3 with points pointtype 2 pointsize 0.9 linewidth 1.6 linecolor rgb variable, \
     keyentry with points pointtype 2 linewidth 1.6 linecolor rgb '#1b2230' title 'missed'
set output
}
