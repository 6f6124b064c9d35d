// Functions that every module has: noting failures and scratch needs, forking, and taking part in a fork (`abi.ts`, TEAM). Their names have
// a `$`, which no Fold name has.
import binaryen from "binaryen";
import { STATUS, TEAM, WASM_WORK } from "../../abi.js";
import type { Ref, WasmModule } from "./raw.js";

export const helpers = {
  /** (status, check, point, v0, v1, v2, v3): notes a failure, unless one is there that comes before it. */
  fail: "$fail",
  /** (status, bytes: f64): notes that so much scratch is needed. */
  need: "$need",
  /** (elements, bytes of each: f64) -> f64: the bytes that they take; all places begin at multiples of 16. */
  bytes: "$bytes",
  /** (status, start of scratch, scratch, its end, elements, bytes of each: f64) -> i32: where scratch begins after them, 0 where there is too little. */
  take: "$take",
  /** (base, status, frame, scratch, scratchEnd, job, count) -> i32: runs a job's turns; 1 where a turn had too little scratch. */
  fork: "$fork",
  /** (slot): takes turns of the open fork until there are none. */
  turns: "$turns",
} as const;

export const JOBS = "$jobs";
/** Parameters of an outlined body: frame, scratch, scratchEnd, lo, hi. */
export const jobParams = binaryen.createType([binaryen.i32, binaryen.i32, binaryen.i32, binaryen.i32, binaryen.i32]);

/** An `active` that is negative says that the fork is closed. */
const CLOSED = -0x80000000;

export function addSupport(m: WasmModule): void {
  m.addGlobalImport("team", "env", "team", binaryen.i32, false);
  m.addGlobalImport("module", "env", "module", binaryen.i32, false);
  addFail(m);
  addNeed(m);
  addBytes(m);
  addTake(m);
  addTurns(m);
  addFork(m);
  addWork(m);
}

const none = binaryen.none;
const team = (m: WasmModule): Ref => m.global.get("team", binaryen.i32);
const i32Local = (m: WasmModule, k: number): Ref => m.local.get(k, binaryen.i32);

/** Runs `body` while no other thread runs such a part. */
function locked(m: WasmModule, status: () => Ref, body: readonly Ref[]): Ref {
  const { i32 } = m;
  const take = i32.atomic.rmw.cmpxchg(STATUS.lock, status(), i32.const(0), i32.const(1));
  return m.block(
    null,
    [m.loop("lock", m.br("lock", take)), ...body, i32.atomic.store(STATUS.lock, status(), i32.const(0))],
    none,
  );
}

function addFail(m: WasmModule): void {
  const { i32, f64 } = m;
  const [status, check, point] = [0, 1, 2].map((k) => () => i32Local(m, k)) as [() => Ref, () => Ref, () => Ref];
  // As unsigned numbers, so that -1, for none, is above every check.
  const noted = (): Ref => i32.load(STATUS.check, 4, status());
  const earlier = i32.or(
    i32.lt_u(check(), noted()),
    i32.and(i32.eq(check(), noted()), i32.lt_u(point(), i32.load(STATUS.point, 4, status()))),
  );
  const values = [0, 1, 2, 3].map((k) =>
    f64.store(STATUS.values + 8 * k, 8, status(), m.local.get(3 + k, binaryen.f64)),
  );
  const write = m.block(null, [
    i32.store(STATUS.check, 4, status(), check()),
    i32.store(STATUS.point, 4, status(), point()),
    ...values,
  ]);
  const { f64: d } = binaryen;
  const params = binaryen.createType([binaryen.i32, binaryen.i32, binaryen.i32, d, d, d, d]);
  m.addFunction(helpers.fail, params, none, [], locked(m, status, [m.if(earlier, write)]));
}

function addNeed(m: WasmModule): void {
  const { f64 } = m;
  const status = (): Ref => i32Local(m, 0);
  const most = f64.max(f64.load(STATUS.needed, 8, status()), m.local.get(1, binaryen.f64));
  m.addFunction(
    helpers.need,
    binaryen.createType([binaryen.i32, binaryen.f64]),
    none,
    [],
    locked(m, status, [f64.store(STATUS.needed, 8, status(), most)]),
  );
}

/** As an f64, which nothing overflows. */
function addBytes(m: WasmModule): void {
  const { f64 } = m;
  const bytes = f64.mul(f64.convert_u.i32(i32Local(m, 0)), m.local.get(1, binaryen.f64));
  const parts = f64.ceil(f64.mul(bytes, f64.const(1 / 16)));
  m.addFunction(
    helpers.bytes,
    binaryen.createType([binaryen.i32, binaryen.f64]),
    binaryen.f64,
    [],
    f64.mul(parts, f64.const(16)),
  );
}

function addTake(m: WasmModule): void {
  const { i32, f64 } = m;
  const [status, start, scratch, end] = [0, 1, 2, 3].map((k) => () => i32Local(m, k)) as [
    () => Ref,
    () => Ref,
    () => Ref,
    () => Ref,
  ];
  const bytes = 6;
  const wanted = (): Ref => m.local.get(bytes, binaryen.f64);
  const between = (from: Ref, to: Ref): Ref => f64.convert_u.i32(i32.sub(to, from));
  const refuse = m.block(null, [
    m.call(helpers.need, [status(), f64.add(between(start(), scratch()), wanted())], none),
    m.return(i32.const(0)),
  ]);
  const body = m.block(
    null,
    [
      m.local.set(bytes, m.call(helpers.bytes, [i32Local(m, 4), m.local.get(5, binaryen.f64)], binaryen.f64)),
      m.if(f64.gt(wanted(), between(scratch(), end())), refuse),
      i32.add(scratch(), i32.trunc_u_sat.f64(wanted())),
    ],
    binaryen.i32,
  );
  const params = binaryen.createType([...[0, 1, 2, 3, 4].map(() => binaryen.i32), binaryen.f64]);
  m.addFunction(helpers.take, params, binaryen.i32, [binaryen.f64], body);
}

function addTurns(m: WasmModule): void {
  const { i32 } = m;
  const [slot, turn, from] = [0, 1, 2];
  const cell = (offset: number): Ref => i32.load(offset, 4, team(m));
  const call = m.call_indirect(
    JOBS,
    cell(TEAM.job),
    [
      cell(TEAM.frame),
      i32Local(m, from),
      i32.add(i32Local(m, from), cell(TEAM.part)),
      i32Local(m, turn),
      i32.add(i32Local(m, turn), i32.const(1)),
    ],
    jobParams,
    none,
  );
  const next = i32.atomic.rmw.add(TEAM.next, team(m), i32.const(1));
  const body = m.block(
    "out",
    [
      m.local.set(from, i32.add(cell(TEAM.scratch), i32.mul(i32Local(m, slot), cell(TEAM.part)))),
      m.loop(
        "turns",
        m.block(null, [
          m.local.set(turn, next),
          m.br("out", i32.ge_u(i32Local(m, turn), cell(TEAM.count))),
          call,
          m.br("turns"),
        ]),
      ),
    ],
    none,
  );
  m.addFunction(helpers.turns, binaryen.i32, none, [binaryen.i32, binaryen.i32], body);
}

function addFork(m: WasmModule): void {
  const { i32, f64 } = m;
  const [base, status, frame, scratch, end, job, count, workers, part] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const get = (k: number): Ref => i32Local(m, k);
  const store = (offset: number, value: Ref): Ref => i32.store(offset, 4, team(m), value);
  const threads = (): Ref => i32.add(get(workers), i32.const(1));
  const alone = m.block(null, [
    m.local.set(workers, i32.const(0)),
    m.call_indirect(JOBS, get(job), [get(frame), get(scratch), get(end), i32.const(0), get(count)], jobParams, none),
  ]);
  const together = m.block(null, [
    m.local.set(part, i32.and(i32.div_u(i32.sub(get(end), get(scratch)), threads()), i32.const(-16))),
    store(TEAM.module, m.global.get("module", binaryen.i32)),
    store(TEAM.job, get(job)),
    store(TEAM.frame, get(frame)),
    store(TEAM.count, get(count)),
    store(TEAM.scratch, get(scratch)),
    store(TEAM.part, get(part)),
    store(TEAM.next, i32.const(0)),
    i32.atomic.store(TEAM.active, team(m), i32.const(0)),
    m.drop(i32.atomic.rmw.add(TEAM.epoch, team(m), i32.const(1))),
    m.if(i32.atomic.load(TEAM.sleeping, team(m)), m.drop(m.memory.atomic.notify(team(m), i32.const(-1)))),
    m.call(helpers.turns, [i32.const(0)], none),
    m.drop(i32.atomic.rmw.or(TEAM.active, team(m), i32.const(CLOSED))),
    m.loop("join", m.br("join", i32.ne(i32.atomic.load(TEAM.active, team(m)), i32.const(CLOSED)))),
  ]);
  const needed = (): Ref => f64.load(STATUS.needed, 8, get(status));
  // What one thread needs is noted from its own part on.
  const total = f64.add(
    f64.convert_u.i32(i32.sub(get(scratch), get(base))),
    f64.mul(f64.convert_u.i32(threads()), f64.add(needed(), f64.const(16))),
  );
  const body = m.block(
    null,
    [
      m.if(i32.le_s(get(count), i32.const(0)), m.return(i32.const(0))),
      m.if(team(m), m.local.set(workers, i32.load(TEAM.workers, 4, team(m)))),
      m.if(i32.and(i32.ne(get(workers), i32.const(0)), i32.gt_s(get(count), i32.const(1))), together, alone),
      m.if(f64.le(needed(), f64.const(0)), m.return(i32.const(0))),
      f64.store(STATUS.needed, 8, get(status), total),
      i32.const(1),
    ],
    binaryen.i32,
  );
  const params = binaryen.createType(Array.from({ length: 7 }, () => binaryen.i32));
  m.addFunction(helpers.fork, params, binaryen.i32, [binaryen.i32, binaryen.i32], body);
}

function addWork(m: WasmModule): void {
  const { i32 } = m;
  const [seen, found] = [0, 1];
  const get = (k: number): Ref => i32Local(m, k);
  // A fork that was opened since may be another module's: then this thread leaves, and comes back by the epoch.
  const mine = i32.eq(i32.load(TEAM.module, 4, team(m)), m.global.get("module", binaryen.i32));
  const join = m.loop(
    "join",
    m.block(
      null,
      [
        m.if(i32.lt_s(get(seen), i32.const(0)), m.return()),
        m.local.set(found, i32.atomic.rmw.cmpxchg(TEAM.active, team(m), get(seen), i32.add(get(seen), i32.const(1)))),
        m.if(i32.ne(get(found), get(seen)), m.block(null, [m.local.set(seen, get(found)), m.br("join")])),
      ],
      none,
    ),
  );
  const body = m.block(
    null,
    [
      m.local.set(seen, i32.atomic.load(TEAM.active, team(m))),
      join,
      m.if(mine, m.call(helpers.turns, [i32.add(get(seen), i32.const(1))], none)),
      m.drop(i32.atomic.rmw.sub(TEAM.active, team(m), i32.const(1))),
    ],
    none,
  );
  m.addFunction(WASM_WORK, none, none, [binaryen.i32, binaryen.i32], body);
  m.addFunctionExport(WASM_WORK, WASM_WORK);
}
