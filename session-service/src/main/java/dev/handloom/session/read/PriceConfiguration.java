package dev.handloom.session.read;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the price list that {@code handloom.prices} names; the built-in one is empty. A mistake in it stops the start. */
@Configuration(proxyBeanMethods = false)
class PriceConfiguration {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final List<String> PARTS = List.of("input", "output", "cache_write_5m", "cache_write_1h",
            "cache_read");

    @Bean
    Prices prices(@Value("${handloom.prices:}") String file) throws IOException {
        return read(file.isBlank() ? new ClassPathResource("prices.json") : new FileSystemResource(file));
    }

    static Prices read(Resource file) throws IOException {
        try (var text = file.getInputStream()) {
            var prices = new HashMap<String, Prices.Price>();
            for (var model : JSON.readTree(text).path("models").properties()) {
                prices.put(model.getKey(), price(model.getKey(), model.getValue()));
            }
            return new Prices(prices);
        } catch (JacksonException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException("handloom.prices: " + file.getDescription() + ": " + wrong.getMessage(),
                    wrong);
        }
    }

    private static Prices.Price price(String model, JsonNode parts) {
        var unknown = new HashSet<>(Set.copyOf(parts.propertyNames()));
        PARTS.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(model + " has " + unknown + ", where only " + PARTS + " are known");
        }
        return new Prices.Price(part(model, parts, "input"), part(model, parts, "output"),
                part(model, parts, "cache_write_5m"), part(model, parts, "cache_write_1h"),
                part(model, parts, "cache_read"));
    }

    private static BigDecimal part(String model, JsonNode parts, String name) {
        var price = parts.path(name);
        if (!price.isNumber() || price.decimalValue().signum() < 0) {
            throw new IllegalArgumentException(model + " needs a number of at least 0 as " + name);
        }
        return price.decimalValue();
    }
}
