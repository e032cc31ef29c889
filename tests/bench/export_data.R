#!/usr/bin/env Rscript
# Writes public data sets of mlbench and kernlab (Debian: r-cran-mlbench, r-cran-kernlab):
# FOLDER/NAME.values has the numeric columns as doubles, row-major, FOLDER/NAME.classes a class a line.
# usage: export_data.R FOLDER
folder <- commandArgs(trailingOnly = TRUE)[1]
class_columns <- list(
    mlbench = c(Sonar = "Class", Ionosphere = "Class", PimaIndiansDiabetes = "diabetes",
                Glass = "Type", Vehicle = "Class", Satellite = "classes",
                LetterRecognition = "lettr"),
    kernlab = c(spam = "type", musk = "Class"))

for (package in names(class_columns)) {
    for (name in names(class_columns[[package]])) {
        data(list = name, package = package)
        frame <- na.omit(get(name))
        classes <- as.character(frame[[class_columns[[package]][[name]]]])
        values <- as.matrix(frame[vapply(frame, is.numeric, TRUE)])
        writeBin(as.double(t(values)), file.path(folder, paste0(name, ".values")))
        writeLines(classes, file.path(folder, paste0(name, ".classes")))
    }
}
