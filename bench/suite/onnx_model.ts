// ONNX models of a few nodes, encoded by hand: the protocol buffers of onnx.proto (version 3), as far as they are needed.

const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

function varint(value: number): number[] {
  const out: number[] = [];
  for (let v = value; ; v = Math.floor(v / 128)) {
    if (v < 128) return [...out, v];
    out.push((v % 128) + 128);
  }
}
/** Field `id` as a number, or as bytes with their length. */
const number = (id: number, value: number): number[] => [...varint(id * 8), ...varint(value)];
const bytes = (id: number, content: readonly number[]): number[] => [
  ...varint(id * 8 + 2),
  ...varint(content.length),
  ...content,
];
const text = (id: number, value: string): number[] => bytes(id, bytesOf(value));

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integer attributes, and lists of them. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** ONNX's numbers of element types. */
export const elementTypes = { float32: 1, float64: 11 } as const;
const INT64 = 7;

function node({ op, inputs, outputs, attributes = {} }: OnnxNode): number[] {
  return [
    ...inputs.flatMap((i) => text(1, i)),
    ...outputs.flatMap((o) => text(2, o)),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      bytes(5, [
        ...text(1, name),
        ...(typeof value === "number"
          ? [...number(3, value), ...number(20, 2)]
          : [...value.flatMap((v) => number(8, v)), ...number(20, 7)]),
      ]),
    ),
  ];
}

const typed = (name: string, element: number, shape: readonly number[] | undefined): number[] => {
  const dims =
    shape &&
    bytes(
      2,
      shape.flatMap((d) => bytes(1, number(1, d))),
    );
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, element), ...(dims ?? [])]))];
};

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly dtype: "float32" | "float64";
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Names of outputs; `indices` for those that are int64. */
  readonly outputs: readonly { readonly name: string; readonly indices?: boolean }[];
  /** Constant lists of axes. */
  readonly axes?: Readonly<Record<string, readonly number[]>>;
}

/** The model as `InferenceSession.create` takes it: operator set 18. */
export function onnxModel({ nodes, dtype, inputs, outputs, axes = {} }: OnnxGraph): Uint8Array {
  const graph = [
    ...nodes.flatMap((n) => bytes(1, node(n))),
    ...text(2, "bench"),
    ...Object.entries(axes).flatMap(([name, values]) =>
      bytes(5, [
        ...number(1, values.length),
        ...number(2, INT64),
        ...values.flatMap((v) => number(7, v)),
        ...text(8, name),
      ]),
    ),
    ...inputs.flatMap((i) => bytes(11, typed(i.name, elementTypes[dtype], i.shape))),
    ...outputs.flatMap((o) => bytes(12, typed(o.name, o.indices ? INT64 : elementTypes[dtype], undefined))),
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, [...text(1, ""), ...number(2, 18)])]);
}
