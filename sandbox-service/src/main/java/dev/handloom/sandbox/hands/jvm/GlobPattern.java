package dev.handloom.sandbox.hands.jvm;

import com.google.re2j.Pattern;

/**
 * What a relative path must look like: {@code *} and {@code ?} within a name, {@code **} across folders, {@code [a-z]},
 * {@code [!a-z]} and <code>{one,other}</code>. What is left open at the end stands for itself.
 */
final class GlobPattern {
    private final Pattern regex;

    GlobPattern(String glob) {
        this.regex = Pattern.compile(regex(glob), Pattern.DOTALL);
    }

    boolean matches(String relativePath) {
        return regex.matches(relativePath);
    }

    private static String regex(String glob) {
        var regex = new StringBuilder();
        int braces = 0;
        int at = 0;
        while (at < glob.length()) {
            char sign = glob.charAt(at);
            if (glob.startsWith("**/", at)) {
                regex.append("(?:[^/]+/)*");
                at += 2;
            } else if (glob.startsWith("**", at)) {
                regex.append(".*");
                at++;
            } else if (sign == '*') {
                regex.append("[^/]*");
            } else if (sign == '?') {
                regex.append("[^/]");
            } else if (sign == '[' && glob.indexOf(']', at + 2) > 0) {
                at = set(glob, at, regex);
            } else if (sign == '{' && glob.indexOf('}', at) > 0) {
                braces++;
                regex.append("(?:");
            } else if (sign == ',' && braces > 0) {
                regex.append('|');
            } else if (sign == '}' && braces > 0) {
                braces--;
                regex.append(')');
            } else {
                regex.append(Pattern.quote(String.valueOf(sign)));
            }
            at++;
        }
        return regex.append(")".repeat(braces)).toString();
    }

    /** @return where the set ends */
    private static int set(String glob, int begin, StringBuilder regex) {
        int end = glob.indexOf(']', begin + 2);
        var members = glob.substring(begin + 1, end);
        boolean others = members.startsWith("!") || members.startsWith("^");
        regex.append(others ? "[^/" : "[");
        for (char member : members.substring(others ? 1 : 0).toCharArray()) {
            regex.append(member == '-' ? "-" : Pattern.quote(String.valueOf(member)));
        }
        regex.append(']');
        return end;
    }
}
