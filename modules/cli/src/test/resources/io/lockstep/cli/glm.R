# Makes glm.txt, what GlmExamplesTest compares with: Rscript glm.R DATA, with the folder of the CSV
# files. R 4.2.2. Multinomial fits are not in base R: this is Newton's method on the log-likelihood.
data <- commandArgs(trailingOnly = TRUE)[1]
options(digits = 12)
sink("glm.txt")

show <- function(name, coefficients, errors, deviance, logLik) {
  cat("fit", name, format(deviance), format(logLik), "\n")
  for (i in seq_along(coefficients))
    cat(names(coefficients)[i], format(coefficients[i]), format(errors[i]), "\n", sep = "\t")
}

fitted <- function(name, formula, family, file) {
  m <- glm(formula, family, read.csv(file.path(data, file)), control = list(epsilon = 1e-14))
  # The variance of our Gaussian is 1, so its log-likelihood is another than R's.
  l <- if (name == "gaussian") -deviance(m) / 2 - nobs(m) * log(2 * pi) / 2 else logLik(m)
  show(name, coef(m), coef(summary(m))[, 2], deviance(m), as.numeric(l))
}

multinomial <- function(name, y, x) {
  X <- cbind("(Intercept)" = 1, scale(x))
  K <- nlevels(y)
  p <- ncol(X)
  Y <- sapply(2:K, function(k) as.numeric(as.integer(y) == k))
  b <- matrix(0, p, K - 1)
  ll <- function(b) {
    e <- cbind(0, X %*% b)
    m <- apply(e, 1, max)
    sum(e[cbind(seq_along(y), as.integer(y))] - m - log(rowSums(exp(e - m))))
  }
  repeat {
    e <- cbind(0, X %*% b)
    e <- exp(e - apply(e, 1, max))
    P <- (e / rowSums(e))[, -1]
    g <- as.vector(t(X) %*% (Y - P))
    H <- matrix(0, p * (K - 1), p * (K - 1))
    for (i in 1:(K - 1)) for (j in 1:(K - 1)) {
      w <- P[, i] * ((i == j) - P[, j])
      H[(i - 1) * p + 1:p, (j - 1) * p + 1:p] <- t(X) %*% (w * X)
    }
    s <- matrix(solve(H, g), p, K - 1)
    t <- 1
    while (ll(b + t * s) < ll(b) - 1e-12) t <- t / 2
    b <- b + t * s
    if (max(abs(s)) < 1e-11) break
  }
  # Back to the scale of the data.
  A <- diag(p)
  A[1, -1] <- -attr(scale(x), "scaled:center") / attr(scale(x), "scaled:scale")
  diag(A)[-1] <- 1 / attr(scale(x), "scaled:scale")
  V <- solve(H)
  for (k in 1:(K - 1)) {
    at <- (k - 1) * p + 1:p
    coefficients <- as.vector(A %*% b[, k])
    names(coefficients) <- colnames(X)
    errors <- sqrt(diag(A %*% V[at, at] %*% t(A)))
    show(paste(name, levels(y)[k + 1], sep = "-"), coefficients, errors, -2 * ll(b), ll(b))
  }
}

fitted("gaussian", nBids ~ PowerSeller + VerifyID + Sealed + MinBlem + MajBlem + LargNeg + LogBook +
  MinBidShare, gaussian, "ebay/ebay.csv")
fitted("bernoulli", Sold ~ PowerSeller + MinBlem + MajBlem + LargNeg + LogBook + MinBidShare,
  binomial, "ebay/ebay.csv")
fitted("poisson", cnt ~ factor(season) + yr + factor(hr) + holiday + workingday +
  factor(weathersit) + temp + hum + windspeed, poisson, "bikeshare/hour.csv")
penguins <- read.csv(file.path(data, "penguins/penguins.csv"))
penguins <- penguins[complete.cases(penguins[, c("bill_length_mm", "bill_depth_mm")]), ]
multinomial("multinomial", factor(penguins$species),
  as.matrix(penguins[, c("bill_length_mm", "bill_depth_mm")]))
