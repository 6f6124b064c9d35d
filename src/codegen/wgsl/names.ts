// Names in WGSL text: the source's own where they are free, with a number behind where not.

/** Keywords and reserved words, and the built-in types and functions that generated text uses: none may be a name. */
const taken: ReadonlySet<string> = new Set(
  (
    "alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop override " +
    "requires return struct switch true var while " +
    "NULL Self abstract active alignas alignof as asm asm_fragment async attribute auto await become cast catch class co_await co_return " +
    "co_yield coherent column_major common compile compile_fragment concept const_cast consteval constexpr constinit crate debugger " +
    "decltype delete demote demote_to_helper do dynamic_cast enum explicit export extends extern external fallthrough filter final " +
    "finally friend from fxgroup get goto groupshared highp impl implements import inline instanceof interface layout lowp macro " +
    "macro_rules match mediump meta mod module move mut mutable namespace new nil noexcept noinline nointerpolation non_coherent " +
    "noncoherent noperspective null nullptr of operator package packoffset partial pass patch pixelfragment precise precision premerge " +
    "priv protected pub public readonly ref regardless register reinterpret_cast require resource restrict self set shared sizeof smooth " +
    "snorm static static_assert static_cast std subroutine super target template this thread_local throw trait try type typedef typeid " +
    "typename typeof union unless unorm unsafe unsized use using varying virtual volatile wgsl where with writeonly yield " +
    "bool f16 f32 i32 u32 vec2 vec3 vec4 mat2x2 array atomic ptr sampler texture_2d bitcast select all any abs acos asin atan atan2 ceil " +
    "clamp cos cosh countLeadingZeros cross dot exp exp2 floor fma fract inverseSqrt ldexp length log log2 max min modf pow round sign sin " +
    "sinh smoothstep sqrt step tan tanh trunc storageBarrier workgroupBarrier workgroupUniformLoad atomicLoad atomicStore atomicAdd " +
    "atomicMax atomicMin function private storage uniform workgroup read write read_write main"
  ).split(" "),
);

/** Gives names, each once. */
export class Names {
  private readonly used = new Set<string>();

  constructor(private readonly reserved: ReadonlySet<string>) {}

  fresh(wanted: string): string {
    // WGSL keeps names that begin with two underscores, and `_` alone, for itself.
    const clean = wanted.replace(/[^A-Za-z0-9_]/g, "_").replace(/^_+/, "") || "x";
    const base = /^[0-9]/.test(clean) ? `x${clean}` : clean;
    let name = base;
    for (let n = 2; this.isUsed(name); n++) name = `${base}_${n}`;
    this.used.add(name);
    return name;
  }

  private isUsed(name: string): boolean {
    return taken.has(name) || this.reserved.has(name) || this.used.has(name);
  }
}
