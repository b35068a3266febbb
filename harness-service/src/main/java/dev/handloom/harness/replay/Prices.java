package dev.handloom.harness.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** US dollars for a million tokens. */
public record Prices(double input, double cacheRead, double cacheWrite, double output) {
    private static final double MILLION = 1_000_000;
    /** Beyond this the calls were not priced by these three numbers alone. */
    private static final double ERROR_MOST = 0.01;

    double of(long plain, long read, long written, long out) {
        return (plain * input + read * cacheRead + written * cacheWrite + out * output) / MILLION;
    }

    /** What one call was billed. */
    record Bill(Recording.Billed tokens, double usd) {}

    /**
     * The prices that explain a provider's bills, by least squares; a cache that is filled unasked is written at the
     * price of input.
     *
     * @return null where no three prices explain them to within 1 %, and for no bills
     */
    static @Nullable Prices behind(List<Bill> bills) {
        double[][] a = new double[3][4];
        double sum = 0;
        for (var bill : bills) {
            double[] row = {bill.tokens().input() - bill.tokens().cached(), bill.tokens().cached(),
                bill.tokens().output(), bill.usd() * MILLION};
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 4; j++) {
                    a[i][j] += row[i] * row[j];
                }
            }
            sum += bill.usd();
        }
        double[] x = solve(a);
        if (x == null) {
            return null;
        }
        var prices = new Prices(round(x[0]), round(x[1]), round(x[0]), round(x[2]));
        double off = 0;
        for (var bill : bills) {
            var tokens = bill.tokens();
            off += Math.abs(bill.usd() - prices.of(tokens.input() - tokens.cached(), tokens.cached(), 0,
                    tokens.output()));
        }
        return off <= ERROR_MOST * sum ? prices : null;
    }

    private static double round(double price) {
        return Math.round(price * 1_000) / 1_000.0;
    }

    private static double @Nullable [] solve(double[][] a) {
        for (int i = 0; i < 3; i++) {
            if (Math.abs(a[i][i]) < 1e-9) {
                return null;
            }
            for (int k = 0; k < 3; k++) {
                double factor = k == i ? 0 : a[k][i] / a[i][i];
                for (int j = 0; j < 4; j++) {
                    a[k][j] -= factor * a[i][j];
                }
            }
        }
        return new double[]{a[0][3] / a[0][0], a[1][3] / a[1][1], a[2][3] / a[2][2]};
    }
}
