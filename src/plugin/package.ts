// `bifold/vite` in the package: the plugin, or what to install where a package that it compiles with is missing.
import { missingPeer } from "../peers.js";

const plugin = await import("./vite.js").catch((error: unknown) => {
  const advice = missingPeer(error);
  throw advice === undefined ? error : new Error(`bifold/vite: ${advice}`, { cause: error });
});

export default plugin.default;
