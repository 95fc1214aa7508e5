# What has to be installed: Debian 12 packages by name. Quick when everything is there.
DEPS_BUILD := gcc make pkg-config libc6-dev libyaml-dev libpcre2-dev libjansson-dev libxxhash-dev
DEPS_X86   := libhyperscan-dev
DEPS_CHECK := clang clang-format cppcheck libcmocka-dev python3 python3-yaml python3-jsonschema ripgrep
