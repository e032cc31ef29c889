# Precision-recall curves, sprout, by experiment
# Data: pr-sprout-experiment.csv. Run 'gnuplot pr-sprout-experiment.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 520,534 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 5.20in,5.34in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'pr-sprout-experiment.'.form
set datafile separator comma
set datafile columnheaders
set title 'sprout, by experiment'
set xlabel 'Recall'
set ylabel 'Precision'
set xrange [0:1]
set yrange [0:1.02]
set xtics 0.2 format '%.1f'
set ytics 0.2 format '%.1f'
set datafile missing NaN
set bmargin 8.0
set key at graph 0.5, screen 0.012 center bottom horizontal maxcols 2 Left reverse
plot 'pr-sprout-experiment.csv' using ($1 == 1 ? $2 : NaN):3 with lines linewidth 1.8 linecolor rgb '#d55e00' title 'cpu  AUC 0.524', \
     'pr-sprout-experiment.csv' using ($1 == 2 ? $2 : NaN):3 with lines linewidth 1.8 linecolor rgb '#009e73' title 'disk  AUC 1.000', \
     'pr-sprout-experiment.csv' using ($1 == 3 ? $2 : NaN):3 with lines linewidth 1.8 linecolor rgb '#e69f00' title 'latency  AUC 1.000', \
     'pr-sprout-experiment.csv' using ($1 == 4 ? $2 : NaN):3 with lines linewidth 1.8 linecolor rgb '#0072b2' title 'memory  AUC 1.000', \
     'pr-sprout-experiment.csv' using ($1 == 5 ? $2 : NaN):3 with lines linewidth 1.8 linecolor rgb '#cc79a7' title 'packet-loss  AUC 0.371', \
     'pr-sprout-experiment.csv' using ($1 == 0 ? $2 : NaN):3 with lines linewidth 2.6 linecolor rgb '#1b2230' title 'binary  AUC 0.995'
set output
}
