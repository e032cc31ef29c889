# Confusion matrix, sprout, by experiment
# Data: confusion-sprout-experiment.csv. Run 'gnuplot confusion-sprout-experiment.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 538,498 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 5.38in,4.98in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'confusion-sprout-experiment.'.form
set datafile separator comma
set datafile columnheaders
set title 'sprout, by experiment'
set xlabel 'Predicted class'
set ylabel 'True class'
unset key
unset colorbox
set border 0
unset grid
set palette defined (0 '#f4f6f8', 1 '#12507b')
set cbrange [0:1]
set xrange [-0.5:5.5]
set yrange [5.5:-0.5]
set xtics ('normal' 0, 'cpu' 1, 'disk' 2, 'latency' 3, 'memory' 4, 'packet-loss' 5) scale 0 rotate by 30 right
set ytics ('normal' 0, 'cpu' 1, 'disk' 2, 'latency' 3, 'memory' 4, 'packet-loss' 5) scale 0
plot 'confusion-sprout-experiment.csv' using 1:2:($1-0.48):($1+0.48):($2-0.48):($2+0.48):4 with boxxyerror fillcolor palette, \
     '' using 1:2:(sprintf('%d', $3)):($4 > 0.6 ? 0xffffff : 0x1b2230) with labels textcolor rgb variable
set output
}
