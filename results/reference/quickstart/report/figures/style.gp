# What all figures of this folder share. Change it and run 'gnuplot NAME.gp' here to draw
# NAME.svg and NAME.pdf again.
set encoding utf8
set border 3 linewidth 0.8 linecolor rgb '#5b6470'
set tics nomirror out scale 0.5 textcolor rgb '#3a424d'
set grid linetype 1 linewidth 0.5 linecolor rgb '#e3e6ea'
set xlabel textcolor rgb '#3a424d'
set ylabel textcolor rgb '#3a424d'
set title textcolor rgb '#1b2230'
set key textcolor rgb '#1b2230' samplen 1.6 spacing 1.15 noautotitle
set style fill solid 1.0 noborder
