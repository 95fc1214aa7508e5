# What has to be installed: Debian 12 packages by name.
DEPS_BUILD := gcc make pkg-config libc6-dev libusb-1.0-0-dev libyaml-dev libpcre2-dev libjansson-dev \
	      libxxhash-dev libsqlite3-dev libunicorn-dev libusbredirparser-dev
DEPS_CHECK := clang libclang-rt-dev clang-format cppcheck shellcheck git libcmocka-dev libumockdev-dev umockdev python3 \
	      python3-yaml python3-jsonschema python3-selenium chromium chromium-driver libxml2-utils prometheus mandoc zsh fish ripgrep openocd stlink-tools tshark \
	      gcc-arm-none-eabi binutils-arm-none-eabi python3-pyocd python3-labgrid lintian debhelper dpkg-dev
