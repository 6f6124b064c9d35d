// Prints the path of the package's tarball as the sources are now, made where it is not there. Whoever comes while it is made waits.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inputs } from "./build.mjs";
import { newest, root } from "./sources.mjs";

const cache = path.join(root, "node_modules", ".cache", "bifold");
const folder = path.join(cache, `packed-${Math.round(newest([...inputs, "bin"])).toString(36)}`);
const lock = path.join(cache, "packing");

/** Whether this process got the lock; one that a dead process left is taken away. */
function takeLock() {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    try {
      process.kill(Number(fs.readFileSync(lock, "utf8")), 0);
    } catch {
      fs.rmSync(lock, { force: true });
    }
    return false;
  }
}

function pack() {
  for (const name of fs.readdirSync(cache))
    if (name.startsWith("packed-")) fs.rmSync(path.join(cache, name), { recursive: true, force: true });
  const made = fs.mkdtempSync(path.join(cache, "packing-"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", made], { cwd: root, stdio: ["ignore", 2, 2] });
  fs.renameSync(made, folder);
}

fs.mkdirSync(cache, { recursive: true });
while (!fs.existsSync(folder)) {
  if (!takeLock()) await sleep(200);
  else
    try {
      if (!fs.existsSync(folder)) pack();
    } finally {
      fs.rmSync(lock);
    }
}
console.log(path.join(folder, fs.readdirSync(folder)[0]));
