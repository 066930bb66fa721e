# Makes rows.csv, summaries.txt, tails.txt, predictions.txt, qualities.txt and calibration.txt: what R says of fits.
# Rscript summaries.R, in this folder; R 4.2.2 with MASS and nnet.
library(MASS)
library(nnet)
set.seed(20260301)
n <- 200
d <- data.frame(
  x = round(rnorm(n, 20, 4), 2),
  z = round(runif(n), 3),
  f = factor(sample(c("a", "b", "c"), n, TRUE)),
  t = sample(1:9, n, TRUE))
eta <- 0.06 * d$x - 1.1 * d$z + c(0, 0.4, -0.5)[d$f] - 0.9
d$number <- round(3000 + 400 * eta + rnorm(n, sd = 150), 1)
d$yes <- rbinom(n, 1, plogis(2 * eta))
d$count <- rpois(n, d$t * exp(eta))
d$over <- rnegbin(n, exp(eta + 1), 2)
d$wait <- round(rgamma(n, 3, 3 / exp(eta)), 4) + 0.0001
u <- cbind(0, eta + rlogis(n), 0.5 - eta + rlogis(n))
d$kind <- c("p", "q", "r")[max.col(u)]
write.csv(d, "rows.csv", row.names = FALSE, quote = FALSE)

out <- file("summaries.txt", "w")
say <- function(...) cat(..., "\n", sep = "\t", file = out)
digits <- function(x) format(x, digits = 16)
table <- function(name, family, shape, m, s) {
  say("fit", name, family, digits(shape), ifelse(is.null(s$dispersion), 1, digits(s$dispersion)),
      digits(m$null.deviance), m$df.null, digits(m$deviance), m$df.residual,
      digits(as.numeric(logLik(m))), digits(AIC(m)))
  for (i in rownames(s$coefficients)) say(i, paste(digits(s$coefficients[i, ]), collapse = "\t"))
}
tight <- glm.control(epsilon = 1e-14, maxit = 100)
fit <- function(name, family, formula, r) {
  m <- glm(formula, r, d, control = tight)
  table(name, family, 1, m, summary(m))
}
p <- ~ x + z + f
fit("gaussian", "gaussian", update(p, number ~ .), gaussian())
fit("logit", "bernoulli", update(p, yes ~ .), binomial())
fit("probit", "bernoulli", update(p, yes ~ .), binomial("probit"))
fit("cloglog", "bernoulli", update(p, yes ~ .), binomial("cloglog"))
fit("poisson", "poisson", count ~ x + z + f + offset(log(t)), poisson())
fit("gamma", "gamma", update(p, wait ~ .), Gamma("log"))
m <- glm.nb(over ~ x + z + f, d, control = tight)
table("negative-binomial", "negative-binomial", m$theta, m, summary(m))
m <- glm(wait ~ x + z + f, Gamma("log"), d, control = tight)
s <- summary(m, dispersion = 1)
k <- sum(dexp(d$wait, 1 / fitted(m), log = TRUE))
say("fit", "exponential", "exponential", 1, 1, digits(m$null.deviance), m$df.null,
    digits(m$deviance), m$df.residual, digits(k), digits(-2 * k + 2 * 5))
for (i in rownames(s$coefficients)) say(i, paste(digits(s$coefficients[i, ]), collapse = "\t"))
# R leaves out what other columns make up.
d$twice <- 2 * d$x + d$z
m <- glm(count ~ x + z + twice + f, poisson(), d, control = glm.control(epsilon = 1e-9))
table("aliased", "poisson", 1, m, summary(m))

m <- multinom(kind ~ x + z + f, d, trace = FALSE, abstol = 1e-16, reltol = 1e-16, maxit = 1000)
m0 <- multinom(kind ~ 1, d, trace = FALSE, abstol = 1e-16, reltol = 1e-16, maxit = 1000)
s <- summary(m)
say("fit", "multinomial", "categorical", 1, 1, digits(m0$deviance), 2 * n - 2, digits(m$deviance),
    2 * n - m$edf, digits(as.numeric(logLik(m))), digits(AIC(m)))
for (k in 1:2) for (i in colnames(coef(m))) {
  b <- coef(m)[k, i]
  e <- s$standard.errors[k, i]
  say(i, digits(b), digits(e), digits(b / e), digits(2 * pnorm(-abs(b / e))))
}
close(out)

q <- file("tails.txt", "w")
for (t in c(0, 0.1, 1, 1.96, 5, 20, 37)) {
  cat("normal", 0, t, digits(2 * pnorm(-t)), "\n", file = q)
  for (df in c(1, 2, 7.0, 30, 991, 17343))
    cat("student", df, t, digits(2 * pt(-t, df)), "\n", file = q)
}
close(q)

# What predictions are worth.
m <- glm(yes ~ x + z + f, binomial(), d)
p <- round(fitted(m), 2)
w <- wilcox.test(p[d$yes == 1], p[d$yes == 0], exact = FALSE)$statistic
l <- lm(number ~ x, d)
e <- d$number - round(fitted(l), 1)
cat("binary", digits(w / sum(d$yes == 1) / sum(d$yes == 0)), digits(mean((p - d$yes)^2)),
    sum(d$yes == 0 & p < 0.5), sum(d$yes == 0 & p >= 0.5),
    sum(d$yes == 1 & p < 0.5), sum(d$yes == 1 & p >= 0.5), "\n", file = "qualities.txt")
cat("number", digits(sqrt(mean(e^2))), digits(mean(abs(e))),
    digits(1 - sum(e^2) / sum((d$number - mean(d$number))^2)), "\n", file = "qualities.txt",
    append = TRUE)
write(t(cbind(p, round(fitted(l), 1))), "predictions.txt", ncolumns = 2)

# Calibration in ten bins; 0.004 less, so that no probability is where two bins meet.
q <- p - 0.004
bin <- cut(q, 0:10 / 10, right = FALSE)
rows <- tapply(q, bin, length, default = 0)
gap <- abs(tapply(d$yes, bin, mean) - tapply(q, bin, mean))
cat("error", digits(sum(rows * gap, na.rm = TRUE) / sum(rows)), "\n", file = "calibration.txt")
write(rbind(rows, digits(tapply(q, bin, mean)), digits(tapply(d$yes, bin, mean))),
      "calibration.txt", ncolumns = 3, append = TRUE)
