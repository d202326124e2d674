# Prints the digits with offsets and penalty factors that ElasticNetReferenceTests.swift holds, from glmnet 4.1-6 on
# R 4.2.2. Usage: Rscript elastic_net_reference.R ROWS.csv, the file that elastic_net_reference.py writes.
suppressMessages(library(glmnet))
rows <- as.matrix(read.csv(commandArgs(TRUE)[1], header = FALSE))
values <- rows[, 1:6]
labels <- rows[, 7]
weights <- rows[, 8]
offsets <- rows[, 9]
factors <- c(1, 2, 0.5, 0, 1, 3)
mean <- colSums(values * weights) / sum(weights)
scale <- sqrt(colSums(sweep(values, 2, mean)^2 * weights) / sum(weights))
standard <- sweep(sweep(values, 2, mean), 2, scale, "/")
# glmnet scales the factors to a mean of 1: its lambda is the mean times ours.
path <- glmnet(standard, labels, family = "binomial", weights = weights, offset = offsets, alpha = 0.5,
  lambda = c(0.3, 0.1, 0.03) * mean(factors), penalty.factor = factors, standardize = FALSE, thresh = 1e-26,
  maxit = 1e7, type.logistic = "Newton")
for (index in 1:3) cat(sprintf("%.14g", c(path$a0[index], as.matrix(path$beta)[, index])), sep = ", ", fill = 200)
plain <- glmnet(values, labels, family = "binomial", weights = weights, alpha = 0.5, nlambda = 100)
cat(sprintf("%.14g", plain$lambda[c(1, 2, 50)]), sep = ", ", fill = 200)
