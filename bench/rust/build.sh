#!/usr/bin/env bash
# Builds the Rust peers into bench/rust/pkg. Needs cargo; brings the target and wasm-pack itself. Never needed to build, run or test Bifold.
set -euo pipefail
cd "$(dirname "$0")"
rustup target add wasm32-unknown-unknown
command -v wasm-pack >/dev/null || cargo install wasm-pack --locked
command -v wasm-bindgen >/dev/null || cargo install wasm-bindgen-cli --version 0.2.130
RUSTFLAGS="-C target-feature=+simd128" wasm-pack build --release --target nodejs --mode no-install
