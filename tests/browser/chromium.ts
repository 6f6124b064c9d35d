// A real Chromium from npm, for machines that have only Node: the package `@sparticuz/chromium` carries the browser, SwiftShader (Vulkan on
// the CPU, under WebGPU) and the system libraries that the browser needs.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";

const { version } = JSON.parse(
  fs.readFileSync(new URL("../../node_modules/@sparticuz/chromium/package.json", import.meta.url), "utf8"),
);

/** The folder with the unpacked browser, unpacked once on a machine: whoever unpacks at the same time makes a copy, and the first to rename wins. */
function unpacked(): string {
  const folder = path.join(os.tmpdir(), `bifold-chromium-${version}`);
  if (fs.existsSync(folder)) return folder;
  const own = fs.mkdtempSync(`${folder}-`);
  // The package unpacks into the temporary folder, and its libraries only where it believes to be in one of the clouds that lack them.
  execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", 'await (await import("@sparticuz/chromium")).default.executablePath();'],
    {
      cwd: path.dirname(new URL(import.meta.url).pathname),
      env: { ...process.env, TMPDIR: own, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" },
    },
  );
  try {
    fs.renameSync(own, folder);
  } catch {
    fs.rmSync(own, { recursive: true, force: true });
  }
  return folder;
}

/** Starts the browser, with WebGPU on SwiftShader. */
export function launch(): Promise<Browser> {
  const folder = unpacked();
  return chromium.launch({
    executablePath: path.join(folder, "chromium"),
    args: [
      "--headless",
      "--no-sandbox",
      "--enable-unsafe-webgpu",
      "--use-webgpu-adapter=swiftshader",
      "--enable-features=Vulkan",
      "--use-vulkan=swiftshader",
    ],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [path.join(folder, "al2023", "lib"), process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":"),
      FONTCONFIG_PATH: path.join(folder, "fonts"),
    },
  });
}
