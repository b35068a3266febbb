# What the scripts here share, to be read by them: a JDK 25 as $java, the jars as $jar and $own, built when they are missing or old.
root=$(dirname -- "$here")

is_jdk_25() {
    [ -x "$1/bin/java" ] && "$1/bin/java" -version 2>&1 | head -n 1 | grep -q '"25[."]'
}

find_java() {
    on_path=$(command -v java || true)
    for home in "${JAVA_HOME:-}" "${on_path%/bin/java}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -n "$home" ] && is_jdk_25 "$home"; then
            echo "$home/bin/java"
            return
        fi
    done
    echo "a JDK 25 is needed: set JAVA_HOME to one" >&2
    exit 1
}

code() {
    commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null) || { echo unknown; return; }
    git -C "$root" diff --quiet HEAD -- . ':!load-tests' && echo "$commit" || echo "$commit with changes"
}

# Sources that changed since the last build here. The jars cannot tell: they bear the date of the release, or an old one.
changed() {
    find "$root" \( -name target -o -name node_modules -o -name .git -o -path '*/src/test' \) -prune \
        -o \( -name pom.xml -o -path '*/src/main/*' \) -type f -newer "$stamp" -print
}

java=$(find_java)
jar=$root/infra/standalone/target/standalone-0.1.0-SNAPSHOT-exec.jar
own=$here/target/load-tests-0.1.0-SNAPSHOT.jar
stamp=$here/target/built
if [ ! -f "$jar" ] || [ ! -f "$own" ] || [ ! -f "$stamp" ] || [ -n "$(changed)" ]; then
    echo "building, because a jar is missing or the sources have changed"
    (cd "$root" && mvn -q -B -Dstyle.color=never -DskipTests package -pl load-tests,infra/standalone -am)
    touch "$stamp"
fi
