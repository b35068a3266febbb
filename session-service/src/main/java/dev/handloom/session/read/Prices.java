package dev.handloom.session.read;

import dev.handloom.api.session.Tokens;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/** What models cost, by their exact ids. */
record Prices(Map<String, Price> models) {
    private static final BigDecimal MILLION = new BigDecimal(1_000_000);

    /** US dollars for a million tokens. */
    record Price(
            BigDecimal input,
            BigDecimal output,
            BigDecimal cacheWrite5m,
            BigDecimal cacheWrite1h,
            BigDecimal cacheRead
    ) {
        private BigDecimal of(Tokens tokens) {
            return input.multiply(BigDecimal.valueOf(tokens.input()))
                    .add(output.multiply(BigDecimal.valueOf(tokens.output())))
                    .add(cacheWrite5m.multiply(BigDecimal.valueOf(tokens.cacheWritten5m())))
                    .add(cacheWrite1h.multiply(BigDecimal.valueOf(tokens.cacheWritten1h())))
                    .add(cacheRead.multiply(BigDecimal.valueOf(tokens.cacheRead())))
                    .divide(MILLION);
        }
    }

    /** In US dollars, exact; empty for a model that has no price. */
    Optional<BigDecimal> of(String model, Tokens tokens) {
        return Optional.ofNullable(models.get(model)).map(price -> price.of(tokens));
    }
}
