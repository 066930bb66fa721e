# Makes families.csv, and prints the figures of FamilyFitsTest (R 4.2.2): Rscript families.R
library(MASS)
set.seed(11)
n <- 300
x <- round(runif(n, -1, 1), 3)
kind <- sample(c("a", "b", "c"), n, TRUE)
eta <- 0.3 + 0.8 * x - 0.5 * (kind == "b") + 0.4 * (kind == "c")
count <- rnbinom(n, size = 2, mu = exp(eta + 1))
cost <- signif(rgamma(n, shape = 3, scale = exp(eta) / 3), 5)
hit <- rbinom(n, 1, pnorm(eta))
d <- data.frame(count, cost, hit, x, kind)
write.csv(d, "families.csv", row.names = FALSE, quote = FALSE)

show <- function(name, m, logLikelihood) {
  cat(name, format(coef(m), digits = 10), format(deviance(m), digits = 12),
      format(logLikelihood, digits = 12), "\n", sep = ", ")
}
m <- glm.nb(count ~ x + kind, d, control = glm.control(epsilon = 1e-14, maxit = 100))
show("negative-binomial", m, as.numeric(logLik(m)))
print(m$theta, digits = 10)
m <- glm(cost ~ x + kind, Gamma("log"), d, epsilon = 1e-14)
shape <- gamma.shape(m, eps.max = 1e-12, it.lim = 100)$alpha
show("gamma", m, sum(dgamma(d$cost, shape, scale = fitted(m) / shape, log = TRUE)))
print(shape, digits = 10)
for (link in c("probit", "cloglog")) {
  m <- glm(hit ~ x + kind, binomial(link), d, epsilon = 1e-14)
  show(link, m, as.numeric(logLik(m)))
}
