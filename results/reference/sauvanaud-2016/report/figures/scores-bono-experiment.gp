# Scores over time, bono
# Data: scores-bono-experiment.csv. Run 'gnuplot scores-bono-experiment.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 1120,214 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 11.20in,2.14in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'scores-bono-experiment.'.form
set datafile separator comma
set datafile columnheaders
scale = 60.
set xrange [0:7199.991/scale]
set format x ''
set datafile missing NaN
logarithm(ratio) = ratio > 1e-3 ? log10(ratio) : -3
time_label = 'Time of running, experiment after experiment (minutes)'
set key at screen 0.99, screen 1 right top horizontal maxrows 1 Left reverse
set multiplot layout 1,1 margins screen 0.055, 0.99, 0.2617, 0.7103 spacing screen 0, 0.1402
set x2range [0:7199.991/scale]
set x2tics ('1' 120.000/scale, '2' 360.000/scale, '3' 600.001/scale, '4' 840.001/scale, '5' 1080.001/scale, '6' 1320.000/scale, '7' 1560.000/scale, '8' 1800.000/scale, '9' 2040.000/scale, '10' 2280.000/scale, '11' 2519.999/scale, '13' 2760.003/scale, '14' 3000.006/scale, '16' 3240.005/scale, '17' 3480.005/scale, '18' 3719.999/scale, '19' 3959.993/scale, '20' 4199.991/scale, '21' 4439.989/scale, '22' 4679.989/scale, '23' 4919.987/scale, '24' 5159.988/scale, '25' 5399.989/scale, '26' 5639.991/scale, '27' 5879.991/scale, '28' 6119.991/scale, '29' 6359.991/scale, '30' 6599.991/scale, '12' 6839.991/scale, '15' 7079.991/scale) scale 0 offset 0, 0.35 textcolor rgb '#5b6470' font ',9'
set arrow from 239.999/scale, graph 0 to 239.999/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 480.001/scale, graph 0 to 480.001/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 720.001/scale, graph 0 to 720.001/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 960.001/scale, graph 0 to 960.001/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1200.000/scale, graph 0 to 1200.000/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1440.001/scale, graph 0 to 1440.001/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1680.000/scale, graph 0 to 1680.000/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1920.001/scale, graph 0 to 1920.001/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2160.000/scale, graph 0 to 2160.000/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2399.999/scale, graph 0 to 2399.999/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2639.998/scale, graph 0 to 2639.998/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2880.007/scale, graph 0 to 2880.007/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3120.006/scale, graph 0 to 3120.006/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3360.004/scale, graph 0 to 3360.004/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3600.005/scale, graph 0 to 3600.005/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3839.993/scale, graph 0 to 3839.993/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4079.993/scale, graph 0 to 4079.993/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4319.989/scale, graph 0 to 4319.989/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4559.990/scale, graph 0 to 4559.990/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4799.987/scale, graph 0 to 4799.987/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5039.988/scale, graph 0 to 5039.988/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5279.988/scale, graph 0 to 5279.988/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5519.990/scale, graph 0 to 5519.990/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5759.991/scale, graph 0 to 5759.991/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5999.991/scale, graph 0 to 5999.991/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6239.992/scale, graph 0 to 6239.992/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6479.991/scale, graph 0 to 6479.991/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6719.991/scale, graph 0 to 6719.991/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6959.991/scale, graph 0 to 6959.991/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set object rectangle from 121.054/scale, graph 0 to 128.306/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 128.362/scale, graph 0 to 131.362/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 113.188/scale, graph 1.01 to 136.228/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 360.306/scale, graph 0 to 368.298/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 368.351/scale, graph 0 to 371.351/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 352.808/scale, graph 1.01 to 375.848/scale, graph 1.08 front noclip fillcolor rgb '#d55e00' fillstyle solid 1 noborder
set object rectangle from 600.180/scale, graph 0 to 608.300/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 608.351/scale, graph 0 to 611.351/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 592.745/scale, graph 1.01 to 615.785/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 840.341/scale, graph 0 to 848.369/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 848.456/scale, graph 0 to 851.456/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 832.878/scale, graph 1.01 to 855.918/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 1080.336/scale, graph 0 to 1088.321/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 1088.383/scale, graph 0 to 1091.383/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1072.840/scale, graph 1.01 to 1095.880/scale, graph 1.08 front noclip fillcolor rgb '#d55e00' fillstyle solid 1 noborder
set object rectangle from 1320.316/scale, graph 0 to 1328.345/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 1328.411/scale, graph 0 to 1331.411/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1312.843/scale, graph 1.01 to 1335.883/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 1560.138/scale, graph 0 to 1568.275/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 1568.322/scale, graph 0 to 1571.322/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1552.710/scale, graph 1.01 to 1575.750/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 1800.060/scale, graph 0 to 1808.276/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 1808.333/scale, graph 0 to 1811.333/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1792.677/scale, graph 1.01 to 1815.717/scale, graph 1.08 front noclip fillcolor rgb '#0072b2' fillstyle solid 1 noborder
set object rectangle from 2040.197/scale, graph 0 to 2048.275/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 2048.327/scale, graph 0 to 2051.327/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2032.742/scale, graph 1.01 to 2055.782/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2280.521/scale, graph 0 to 2288.283/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 2288.357/scale, graph 0 to 2291.357/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2272.919/scale, graph 1.01 to 2295.959/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2520.236/scale, graph 0 to 2528.276/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2528.333/scale, graph 0 to 2531.333/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2512.765/scale, graph 1.01 to 2535.805/scale, graph 1.08 front noclip fillcolor rgb '#0072b2' fillstyle solid 1 noborder
set object rectangle from 2759.364/scale, graph 0 to 2768.275/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 2768.343/scale, graph 0 to 2771.343/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2752.334/scale, graph 1.01 to 2775.373/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 2999.846/scale, graph 0 to 3008.354/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3008.599/scale, graph 0 to 3011.599/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2992.703/scale, graph 1.01 to 3015.742/scale, graph 1.08 front noclip fillcolor rgb '#009e73' fillstyle solid 1 noborder
set object rectangle from 3239.396/scale, graph 0 to 3248.289/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 3248.365/scale, graph 0 to 3251.365/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3232.361/scale, graph 1.01 to 3255.401/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3479.744/scale, graph 0 to 3488.300/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3488.523/scale, graph 0 to 3491.523/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3472.614/scale, graph 1.01 to 3495.654/scale, graph 1.08 front noclip fillcolor rgb '#009e73' fillstyle solid 1 noborder
set object rectangle from 3719.910/scale, graph 0 to 3728.432/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 3728.717/scale, graph 0 to 3731.717/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3712.793/scale, graph 1.01 to 3735.833/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3959.391/scale, graph 0 to 3968.277/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 3968.408/scale, graph 0 to 3971.408/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3952.379/scale, graph 1.01 to 3975.419/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4199.874/scale, graph 0 to 4208.339/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4208.606/scale, graph 0 to 4211.606/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4192.720/scale, graph 1.01 to 4215.760/scale, graph 1.08 front noclip fillcolor rgb '#cc79a7' fillstyle solid 1 noborder
set object rectangle from 4439.345/scale, graph 0 to 4448.270/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 4448.391/scale, graph 0 to 4451.391/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4432.348/scale, graph 1.01 to 4455.388/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4679.370/scale, graph 0 to 4688.265/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 4688.457/scale, graph 0 to 4691.457/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4672.394/scale, graph 1.01 to 4695.434/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4919.344/scale, graph 0 to 4928.261/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4928.374/scale, graph 0 to 4931.374/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4912.339/scale, graph 1.01 to 4935.379/scale, graph 1.08 front noclip fillcolor rgb '#cc79a7' fillstyle solid 1 noborder
set object rectangle from 5159.324/scale, graph 0 to 5168.258/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 5168.398/scale, graph 0 to 5171.398/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5152.341/scale, graph 1.01 to 5175.381/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 5399.387/scale, graph 0 to 5408.279/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 5408.483/scale, graph 0 to 5411.483/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5392.415/scale, graph 1.01 to 5415.455/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 5639.385/scale, graph 0 to 5648.289/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 5648.449/scale, graph 0 to 5651.449/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5632.397/scale, graph 1.01 to 5655.437/scale, graph 1.08 front noclip fillcolor rgb '#e69f00' fillstyle solid 1 noborder
set object rectangle from 5879.361/scale, graph 0 to 5888.283/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 5888.484/scale, graph 0 to 5891.484/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5872.402/scale, graph 1.01 to 5895.442/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6119.376/scale, graph 0 to 6128.270/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 6128.403/scale, graph 0 to 6131.403/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6112.369/scale, graph 1.01 to 6135.409/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6359.382/scale, graph 0 to 6368.276/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6368.444/scale, graph 0 to 6371.444/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6352.393/scale, graph 1.01 to 6375.433/scale, graph 1.08 front noclip fillcolor rgb '#e69f00' fillstyle solid 1 noborder
set object rectangle from 6599.365/scale, graph 0 to 6608.267/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 6608.359/scale, graph 0 to 6611.359/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6592.342/scale, graph 1.01 to 6615.382/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6839.894/scale, graph 0 to 6848.266/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 6848.325/scale, graph 0 to 6851.325/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6832.589/scale, graph 1.01 to 6855.629/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 7079.373/scale, graph 0 to 7088.269/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 7088.474/scale, graph 0 to 7091.474/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 7072.403/scale, graph 1.01 to 7095.443/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set label 1 'Score (alarm from 0.5)' at graph 0, screen 1 offset 0, -0.8 left textcolor rgb '#1b2230'
set format x '%g'
set label 2 time_label at graph 0.5, screen 0 center offset 0, 0.8 textcolor rgb '#3a424d'
set yrange [0:1.03]
set ytics 0, 0.5
plot 'scores-bono-experiment.csv' using ($1 == 0 ? $2/scale : NaN):($3) with lines linewidth 0.9 linecolor rgb '#12507b', \
     0.5 with lines dashtype 2 linewidth 1.1 linecolor rgb '#e69f00', \
     'scores-bono-experiment.csv' using ($1 == 0 && $4 == 1 ? $2/scale : NaN):($3) with points pointtype 7 pointsize 0.28 linecolor rgb '#b2182b' title 'alarm', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#009e73' title 'disk', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'packet-loss', \
     keyentry with boxes fillcolor rgb '#e69f00' title 'latency'
unset x2tics
unset key
unset multiplot
set output
}
