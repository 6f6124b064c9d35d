// WebGPU in Node: Dawn, from the optional package `webgpu`. Where the machine has no GPU, and the package `@sparticuz/chromium` is there,
// its SwiftShader stands in: a Vulkan driver that runs on the CPU.

interface DawnModule {
  create(options: string[]): GPU;
  readonly globals: object;
}

/** Bundlers must not follow these names: the packages are optional. */
const load = async (name: string): Promise<unknown> => import(/* @vite-ignore */ /* webpackIgnore: true */ name);

let found: Promise<GPU | undefined> | undefined;

/** The same GPU at every call: Dawn crashes when the object that it made is collected. */
export function findNodeGpu(): Promise<GPU | undefined> {
  found ??= open();
  return found;
}

async function open(): Promise<GPU | undefined> {
  const dawn = (await load("webgpu").catch(() => undefined)) as DawnModule | undefined;
  if (!dawn) return undefined;
  // Dawn complains on the console where there is no Vulkan loader at all.
  const gpu = hasVulkanLoader() ? await withAdapter(() => dawn.create([])) : undefined;
  if (gpu) return gpu;
  return openSwiftShader() ? withAdapter(() => dawn.create(["backend=vulkan"])) : undefined;
}

async function withAdapter(create: () => GPU): Promise<GPU | undefined> {
  try {
    const gpu = create();
    return (await gpu.requestAdapter()) ? gpu : undefined;
  } catch {
    return undefined;
  }
}

/** Whether Dawn can find a GPU by itself; elsewhere than on Linux it asks the system. */
function hasVulkanLoader(): boolean {
  if (process.platform !== "linux") return true;
  try {
    process.dlopen({ exports: {} }, "libvulkan.so.1", DLOPEN_FLAGS);
    return true;
  } catch (error) {
    // Found, but no Node module.
    return !String(error).includes("cannot open shared object file");
  }
}

/** `RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE` on Linux. */
const DLOPEN_FLAGS = 0x2 | 0x100 | 0x1000;

/**
 * Unpacks SwiftShader next to the package, once, and loads its Vulkan loader into this process: Dawn, which opens `libvulkan.so.1` by name,
 * then finds that. Whether it worked.
 */
function openSwiftShader(): boolean {
  if (process.platform !== "linux" || process.arch !== "x64") return false;
  const path = process.getBuiltinModule("node:path");
  // The project that runs may have it, wherever this package lies; and this package's own checkout, wherever one stands.
  const archive = findArchive(path.join(process.cwd(), "package.json")) ?? findArchive(import.meta.url);
  if (archive === undefined) return false;
  const folder = unpackOnce(archive);
  process.env["VK_ICD_FILENAMES"] = path.join(folder, "vk_swiftshader_icd.json");
  try {
    process.dlopen({ exports: {} }, path.join(folder, "libvulkan.so.1"), DLOPEN_FLAGS);
  } catch {
    // It is no Node module, and Node says so; the library stays loaded.
  }
  return true;
}

/** SwiftShader's archive, in the packages that are seen from a file. */
function findArchive(from: string): string | undefined {
  const { createRequire } = process.getBuiltinModule("node:module");
  const path = process.getBuiltinModule("node:path");
  const fs = process.getBuiltinModule("node:fs");
  try {
    // The package's own entry lies in `build/esm` or the like; its files are found from the package's root.
    const entry = createRequire(from).resolve("@sparticuz/chromium");
    const root = entry.slice(0, entry.lastIndexOf("@sparticuz"));
    const archive = path.join(root, "@sparticuz/chromium/bin/swiftshader.tar.br");
    return fs.existsSync(archive) ? archive : undefined;
  } catch {
    return undefined;
  }
}

/** The folder with the archive's files. Several processes may come at once: each unpacks beside it, the first to rename wins. */
function unpackOnce(archive: string): string {
  const fs = process.getBuiltinModule("node:fs");
  const os = process.getBuiltinModule("node:os");
  const path = process.getBuiltinModule("node:path");
  const { brotliDecompressSync } = process.getBuiltinModule("node:zlib");
  const { size, mtimeMs } = fs.statSync(archive);
  const folder = path.join(os.tmpdir(), `bifold-swiftshader-${size}-${Math.floor(mtimeMs)}`);
  if (fs.existsSync(folder)) return folder;
  const own = fs.mkdtempSync(path.join(os.tmpdir(), "bifold-swiftshader-"));
  for (const file of tarFiles(brotliDecompressSync(fs.readFileSync(archive))))
    if (/^(libvk_swiftshader\.so|libvulkan\.so\.1|vk_swiftshader_icd\.json)$/.test(file.name))
      fs.writeFileSync(path.join(own, file.name), file.data);
  try {
    fs.renameSync(own, folder);
    return folder;
  } catch {
    return fs.existsSync(folder) ? folder : own;
  }
}

/** The plain files of a tar archive. */
function* tarFiles(tar: Uint8Array): Generator<{ readonly name: string; readonly data: Uint8Array }> {
  const text = (from: number, length: number): string =>
    new TextDecoder().decode(tar.subarray(from, from + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const name = text(at, 100).replace(/^.*\//, "");
    if (text(at + 156, 1) === "0" || tar[at + 156] === 0) yield { name, data: tar.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
