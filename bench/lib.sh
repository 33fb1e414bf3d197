# Sourced by every benchmark of this folder, POSIX shell:
#
#   . "$(dirname "$0")/lib.sh"
#   bench_java dev.banyan.bench.SOMETHING "$@"
#
# Finds a JDK 25, builds what is missing or older than its sources, and runs a class of the module bench. Installs nothing.

bench_home=$(cd "$(dirname "$0")" && pwd -P)
repository=$(dirname "$bench_home")
bench_target=$bench_home/target
bench_java_needed=25

bench_fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# bench_is_jdk DIR: whether DIR holds a JDK that is new enough, by its 'release' file, without starting it.
bench_is_jdk() {
    [ -n "$1" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    bench_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ -n "$bench_version" ] && [ "$bench_version" -ge "$bench_java_needed" ]
}

# bench_find_jdk: sets bench_jdk: BANYAN_JAVA_HOME, JAVA_HOME, PATH, then the usual folders.
bench_find_jdk() {
    bench_on_path=$(command -v java 2>/dev/null || :)
    if [ -n "$bench_on_path" ]; then
        bench_on_path=$(dirname "$(dirname "$(readlink -f "$bench_on_path" 2>/dev/null || printf '%s' "$bench_on_path")")")
    fi
    for bench_jdk in "${BANYAN_JAVA_HOME:-}" "${JAVA_HOME:-}" "$bench_on_path" \
        /usr/lib/jvm/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk/libexec/openjdk.jdk/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        bench_is_jdk "$bench_jdk" && return 0
    done
    bench_fail "a JDK $bench_java_needed or later is needed and none was found; install one (https://adoptium.net), or name it in JAVA_HOME."
}

# bench_is_built: whether the jars are there and nothing that goes into them is newer.
bench_is_built() {
    [ -e "$bench_target/built" ] && [ -d "$bench_target/lib" ] || return 1
    [ -z "$(find "$repository/pom.xml" "$repository"/*/pom.xml "$repository"/*/src/main -newer "$bench_target/built" -print 2>/dev/null | head -n 1)" ]
}

bench_build() {
    command -v mvn > /dev/null 2>&1 || bench_fail "Maven is needed to build the benchmarks; install it (Debian, Ubuntu: apt install maven; macOS: brew install maven)."
    printf 'building; log: %s\n' "$bench_target/build.log" >&2
    mkdir -p "$bench_target"
    touch "$bench_target/building"
    rm -rf "$bench_target/lib"
    if ! (cd "$repository" && JAVA_HOME=$bench_jdk mvn -q -B -Dmaven.test.skip=true package -pl bench -am) > "$bench_target/build.log" 2>&1 < /dev/null; then
        tail -n 20 "$bench_target/build.log" >&2
        bench_fail "the build failed; all of its output is in $bench_target/build.log"
    fi
    mv "$bench_target/building" "$bench_target/built"
}

# bench_java CLASS ARGUMENT...: runs a class of the module bench in place of this script; BENCH_JAVA_OPTS goes to the JVM.
bench_java() {
    bench_find_jdk
    bench_is_built || bench_build
    # shellcheck disable=SC2086
    exec "$bench_jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${BENCH_JAVA_OPTS:-} \
        -cp "$bench_target/classes:$bench_target/lib/*" "$@"
}
