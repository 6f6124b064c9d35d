// Compute pipelines, compiled when first asked for and kept, by their text.
import type { PlanKernel } from "../../abi.js";
import { BifoldError } from "../errors.js";

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const COMPUTE = 4;

export class Pipelines {
  private readonly ready = new Map<string, Pipeline>();
  private readonly started = new Map<string, Promise<Pipeline>>();

  constructor(private readonly device: GPUDevice) {}

  /** The pipeline, if it is compiled already. */
  get(text: string): Pipeline | undefined {
    return this.ready.get(text);
  }

  /** Starts compiling, if nobody has. */
  load(kernel: PlanKernel, text: string): Promise<Pipeline> {
    const known = this.started.get(text);
    if (known) return known;
    const loading = this.compile(kernel, text).then((p) => {
      this.ready.set(text, p);
      return p;
    });
    this.started.set(text, loading);
    // Whoever awaits it sees the error; nobody may.
    loading.catch(() => this.started.delete(text));
    return loading;
  }

  private async compile(kernel: PlanKernel, text: string): Promise<Pipeline> {
    const layout = this.device.createBindGroupLayout({
      label: kernel.name,
      entries: [
        { binding: 0, visibility: COMPUTE, buffer: { type: "uniform", hasDynamicOffset: true } },
        ...kernel.bindings.map(
          (b, k): GPUBindGroupLayoutEntry => ({
            binding: k + 1,
            visibility: COMPUTE,
            buffer: { type: b.write ? "storage" : "read-only-storage" },
          }),
        ),
      ],
    });
    const module = this.device.createShaderModule({ label: kernel.name, code: text });
    try {
      const pipeline = await this.device.createComputePipelineAsync({
        label: kernel.name,
        layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: "main" },
      });
      return { pipeline, layout };
    } catch (error) {
      const { messages } = await module.getCompilationInfo().catch(() => ({ messages: [] }));
      const first = messages.find((m) => m.type === "error");
      const why = first ? `line ${first.lineNum}: ${first.message}` : String(error);
      throw new BifoldError("unsupported", `the GPU refused the code of ${kernel.name}: ${why}`);
    }
  }
}
