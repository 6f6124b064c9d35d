// Targets that are whole numbers are taken where they are.
import { expect, test, vi } from "vitest";
import { asarray, device } from "../../src/runtime/index.js";
import { scope } from "../../src/runtime/scope.js";
import { checkTargets } from "../validation.js";

test.each(["cpu", "webgpu"] as const)("whole numbers become the floats of X on %s", async (kind) => {
  const where = await device(kind);
  using X = await asarray([[1], [2], [3]], { device: where });
  using y = await asarray(Int32Array.of(2, 0, -5), { device: where });
  const before = where.liveBytes;
  const uploads = vi.spyOn(where, "upload");
  const found = await scope(async (own) => {
    const { y: targets } = await checkTargets(own, y, X, "test");
    return [targets.dtype, targets.device, await targets.toArray()];
  });
  expect(found).toEqual([X.dtype, where, [[2], [0], [-5]]]);
  expect(uploads).not.toHaveBeenCalled();
  uploads.mockRestore();
  expect(where.liveBytes).toBe(before);
});
