// What the programs are called with: for each file and function, lists of arguments.

type Call = readonly unknown[];

const list = <T>(n: number, f: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => f(i));
const table = (n: number, m: number, f: (i: number, j: number) => unknown): unknown[][] =>
  list(n, (i) => list(m, (j) => f(i, j)));
const waves = (n: number, m: number): unknown[][] => table(n, m, (i, j) => Math.sin(i * j + i));
const others = (n: number, m: number): unknown[][] => table(n, m, (i, j) => Math.cos(i * j + i));
const boxes = (a: number, b: number, c: number): unknown[][][] =>
  list(a, (q) => table(b, c, (i, j) => Math.sin(i * j + i + q)));
const steep = (n: number): number[] => list(n, (i) => Math.sin(i * i));
/** Diagonally dominant. */
const strong = (n: number): unknown[][] => table(n, n, (i, j) => (i === j ? 4 + i / n : Math.cos(i * j) / n));

export const calls: { readonly [file: string]: { readonly [fn: string]: readonly Call[] } } = {
  control: {
    newton: [
      [2, 1e-5],
      [1e6, 1e-5],
    ],
    powerIteration: [
      [strong(3), 1e-4],
      [strong(70), 1e-3],
    ],
    jacobiSolve: [
      [strong(3), [1, 2, 3], 50],
      [strong(3), [1, 2, 3], 0],
      [[], [], 5],
      [strong(100), steep(100), 30],
    ],
    forData: [[[3, 5, 2, 7]], [[]], [[-3]]],
    collatz: [[27], [1]],
    nestedLoops: [
      [
        [
          [1, 2],
          [3, 40],
        ],
      ],
      [table(33, 33, (i, j) => 5 * Math.sin(i * j))],
    ],
    bubble: [[list(20, (i) => Math.round(8 * Math.sin(i * i)))], [[]]],
    oddEven: [[list(100, (i) => Math.round(8 * Math.sin(i * i)))], [[]]],
    ifData: [
      [[1, 2], strong(2)],
      [[1, -0.9], strong(2)],
      [[-1, -0.9], strong(2)],
      [[-0.1, -0.2], strong(2)],
      [list(80, (i) => i - 39), strong(80)],
    ],
  },
  scatter: {
    bins: [
      [[1, 2, 3, 4, 5], [0, 1, 0, 2, 2], 4],
      [[], [], 4],
      [[], [], 0],
      [[1], [4], 4],
      [[1, 2], [0, -1], 4],
      [steep(5000), list(5000, (i) => (i * 7919) % 13), 13],
      [steep(5000), list(5000, (i) => (i * 7919) % 1300), 1300],
    ],
    hist2: [
      [list(500, (i) => 0.999 * Math.sin(i)), list(500, (i) => 0.999 * Math.cos(i)), 5],
      [[1], [0.5], 5],
    ],
    scalarAcc: [[[]], [steep(5000)]],
    rowsBy: [
      [waves(300, 3), list(300, (i) => (i * 7919) % 13), 13],
      [[], [], 3],
    ],
    assignTwice: [
      [[0, 2, 1], [1, 2, 3], 3],
      [[0, 2, 0], [1, 2, 3], 3],
      [[0, 5, 0], [1, 2, 3], 3],
      [[0, 0, 5], [1, 2, 3], 3],
    ],
    ties: [[[3, 1, 1, 3, 0, 3, 0]], [[]], [list(10000, (i) => ((i * 7919) % 5) - 1)]],
    rowTies: [
      [table(30, 100, (i, j) => (i * j * 7919) % 5)],
      [table(3, 5000, (i, j) => (i * j * 7919) % 5)],
      [[]],
      [[[], []]],
    ],
    boolean: [
      [
        [
          [true, false],
          [false, false],
          [true, true],
        ],
        [false, true],
      ],
      [[], []],
      [table(70, 65, (i, j) => (i * j) % 3 === 0), list(65, (j) => j % 2 === 0)],
    ],
  },
  errors: {
    inNest: [
      [
        [1, 2, 3],
        [0, 1, 1],
      ],
      [
        [1, 2, 3],
        [0, 1, 2],
      ],
      [
        [1, 2, 3],
        [0, 3, -1],
      ],
      [list(1000, () => 1), list(1000, () => 1)],
      [list(900, () => 1), list(900, (i) => (i > 77 ? 5000 + i : 1))],
    ],
    perElement: [[[1, 2, 3]], [[1, 0, -3]], [list(700, (i) => (i % 300 === 299 ? -i : 1))]],
    inLoop: [
      [[1, 2], 1000],
      [[1, 2], 50],
      [[], 50],
    ],
    inFor: [
      [
        [1, 2, 3, 4],
        [0, 1, 2],
      ],
      [
        [1, 2, 3, 4],
        [0, 9, 3],
      ],
      [
        [1, 2, 3, 4],
        [0, 3, 9],
      ],
    ],
    inForNest: [
      [
        [
          [1, 2],
          [3, 4],
        ],
        [0, 1, 1],
      ],
      [
        [
          [1, 2],
          [3, 4],
        ],
        [0, 1, 2, 9],
      ],
      [
        [
          [1, 2],
          [30, 40],
        ],
        [0, 1, 1, 0, 9],
      ],
    ],
    twoChecks: [
      [
        [1, 2],
        [1, 1],
      ],
      [
        [1, 2],
        [1, 0],
      ],
      [
        [1, 2],
        [0, 0],
      ],
      [
        [1, 2],
        [0, 9],
      ],
      [
        [-1, 2],
        [0, 0],
      ],
    ],
    slices: [
      [[1, 2, 3, 4], 1, 3],
      [[1, 2, 3, 4], 1, 5],
      [[1, 2, 3, 4], 3, 1],
      [[1, 2, 3, 4], -1, 1],
      [[1, 2, 3, 4], 1, 1],
    ],
    casts: [
      [[1, 2], 2],
      [[1, 2], 3],
    ],
    powers: [
      [3, 4, 2],
      [3, -1, 2],
      [-3, 3, -2],
      [0, 0, 0],
    ],
    divides: [
      [
        [7, -7, 7, -7],
        [2, 2, -2, -2],
      ],
      [
        [7, -7, -2147483648, -7],
        [2, 2, -1, -2],
      ],
      [
        [7, -7, 7, -7],
        [2, 0, -2, 0],
      ],
    ],
    guarded: [
      [
        [7, -7, 7, 1],
        [2, 0, -2, 0],
        [1, 2, 3, 4],
      ],
    ],
    reductionFails: [
      [
        [1, 2, 3],
        [0, 1, 5],
      ],
      [list(300, () => 1), list(300, (i) => (i > 100 ? 10 * i : 1))],
    ],
    whereFails: [
      [
        [1, 2, 3],
        [0, -1, 5],
      ],
      [
        [1, 2, 3],
        [0, -1, 2],
      ],
    ],
  },
  arrays: {
    ownArrays: [[waves(3, 3)], [waves(70, 70)]],
    ten: [
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
        [1, 2, 3],
        [4, 5, 6],
        [0, 2, 0],
        [1, 2, 3],
        [true, false, true],
        [1, 1, 1],
        [2, 2, 2],
      ],
      list(10, () => []),
      [
        ...waves(5, 300),
        list(300, (i) => (i * 7) % 300),
        list(300, (i) => i % 7),
        list(300, (i) => i % 2 === 0),
        steep(300),
        steep(300),
      ],
    ],
    shapes: [
      [list(3, (a) => boxes(4, 5, 6).map((b) => b.map((c) => c.map((x) => Number(x) + a)))), 2, 3],
      [list(3, () => boxes(4, 5, 6)), 3, 3],
    ],
    slicing: [
      [waves(3, 3), 1, 2],
      [waves(3, 3), 1, 4],
    ],
    triangle: [[[]], [[[4]]], [others(9, 9)], [others(70, 70)]],
  },
  elements: {
    integers: [[[3.7, -3.7, 0.5, -0.5, 1e10, -1e10, 3e9, -3e9, 2147483648, 4294967296]], [[]]],
    sortRows: [
      [
        [
          [3, 1, 2],
          [9, 8, 7],
          [1, 2, 3],
        ],
      ],
      [waves(70, 20)],
      [[]],
    ],
    medians: [[waves(70, 5)]],
    roots: [[[1, 2, 3, 1e6, 1e-3]]],
    batched: [
      [
        list(70, (i) => [
          [1, 2, 3],
          [2, i, 1],
          [3, 1, 4],
        ]),
        list(70, (i) => [i, 1, 2]),
      ],
    ],
    gmm: [[list(60, (i) => [Math.sin(i) + (i % 2) * 5, Math.cos(i)]), 2, 3]],
    lasso: [[waves(40, 5), list(40, Math.cos), 0.5, 20]],
    lbfgs: [[table(12, 12, (i, j) => (i === j ? 3 + i : 0.2)), list(12, Math.cos), 4, 2]],
    jacobiEig: [[table(6, 6, (i, j) => 1 / (1 + i + j) + (i === j ? i : 0)), 2]],
    spline: [[list(30, (i) => i / 30), [0, 0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1, 1]]],
    randoms: [
      [12345, 257],
      [0, 0],
    ],
  },
  tiles: {
    dist: [[waves(100, 20), others(33, 20)]],
    nearest: [[waves(100, 20), others(33, 20)]],
    gram: [
      [waves(1000, 40), list(1000, (i) => 1 + (i % 3)), true],
      [waves(1000, 7), list(1000, (i) => 1 + (i % 3)), true],
      [[], [], false],
    ],
    mm: [
      [waves(65, 257), others(257, 63)],
      [waves(65, 1), others(1, 63)],
      [waves(8, 16), others(16, 8)],
      [waves(9, 5000), others(5000, 9)],
    ],
    mtm: [[waves(65, 35), others(40, 65)]],
    chain: [[waves(65, 64), others(64, 33), steep(33)]],
    batched: [[boxes(3, 35, 20), boxes(3, 20, 40)]],
    others: [
      [waves(35, 70), others(40, 70)],
      [waves(9, 600), others(9, 600)],
    ],
    acc: [[waves(33, 20), others(20, 40), waves(33, 40)]],
    part: [
      [waves(40, 40), 3, 36],
      [waves(40, 40), 3, 41],
      [waves(40, 40), 30, 3],
    ],
    ints: [
      [
        table(33, 20, (i, j) => i * j * 77777),
        table(20, 40, (i, j) => i + j * 99991),
        table(33, 20, (i, j) => i * j * 77777),
        table(20, 40, (i, j) => i + j * 99991),
      ],
    ],
    gathered: [[waves(33, 20), list(40, (i) => i % 33), list(20, (i) => (i * 7) % 20)]],
  },
  scan: {
    sums: [[[]], [[1]], [steep(127)], [steep(129)], [steep(700)]],
    plane: [[waves(5, 300)], [waves(300, 5)], [[]]],
  },
  ragged: {
    ragged: [
      [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [2, 9],
      ],
    ],
    ragged2: [
      [
        [1, 2, 3, 4],
        [0, 2, 4],
      ],
      [
        [1, 2, 3, 4],
        [0, 2, 5],
      ],
    ],
    deep: [[[1, -2, 3, -1, 0.5, 2, -3]], [[]]],
    hostBound: [
      [[1, 2, 3], 2],
      [[1, 2, 3], 0],
    ],
    dataRange: [[[3, 70, 5]], [[-3]]],
    manyRows: [[steep(9000)], [[]]],
    dataSize: [[[3, 2, 5]], [[-3, 2, 5]], [[]]],
    windows: [
      [
        [1, 2, 3, 4, 5],
        [0, 1, 2],
        [3, 5, 4],
      ],
      [
        [1, 2, 3, 4, 5],
        [0, 1, 2],
        [3, 6, 4],
      ],
      [
        [1, 2, 3, 4, 5],
        [0, 1, 5],
        [3, 1, 4],
      ],
      [
        [1, 2, 3, 4, 5],
        [0, -1, 2],
        [3, 3, 4],
      ],
    ],
  },
};
