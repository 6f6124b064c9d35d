//! Rust's linear algebra behind the interface of `bench/suite/rust.ts`: a bench holds its operands and does its task once a `run`.
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::linalg::matmul::matmul;
use faer::linalg::solvers::{Llt, PartialPivLu, SelfAdjointEigen, Solve, Svd};
use faer::{Accum, Mat, Par, Side};
use nalgebra::{DMatrix, DVector};
use std::hint::black_box;
use wasm_bindgen::prelude::*;

type Run = Box<dyn FnMut()>;

/// The operands of a task: shapes, and elements by rows.
struct Operands<'a> {
    sizes: &'a [usize],
    a: &'a [f64],
    b: &'a [f64],
}

impl Operands<'_> {
    fn shape_a(&self) -> (usize, usize) {
        (self.sizes[0], *self.sizes.get(1).unwrap_or(&1))
    }
    fn shape_b(&self) -> (usize, usize) {
        (self.sizes[2], *self.sizes.get(3).unwrap_or(&1))
    }
}

macro_rules! faer_runs {
    ($name:ident, $t:ty) => {
        fn $name(task: &str, o: &Operands) -> Option<Run> {
            let of = |(n, p): (usize, usize), data: &[f64]| Mat::<$t>::from_fn(n, p, |i, j| data[i * p + j] as $t);
            let a = of(o.shape_a(), o.a);
            Some(match task {
                "matmul" => {
                    let b = of(o.shape_b(), o.b);
                    let mut c = Mat::<$t>::zeros(a.nrows(), b.ncols());
                    Box::new(move || matmul(c.as_mut(), Accum::Replace, a.as_ref(), b.as_ref(), 1.0, Par::Seq))
                }
                "crossProduct" => {
                    let b = of(o.shape_b(), o.b);
                    let mut c = Mat::<$t>::zeros(a.ncols(), b.ncols());
                    Box::new(move || matmul(c.as_mut(), Accum::Replace, a.transpose(), b.as_ref(), 1.0, Par::Seq))
                }
                "gram" => {
                    let mut c = Mat::<$t>::zeros(a.ncols(), a.ncols());
                    Box::new(move || {
                        triangular::matmul(
                            c.as_mut(),
                            BlockStructure::TriangularLower,
                            Accum::Replace,
                            a.transpose(),
                            BlockStructure::Rectangular,
                            a.as_ref(),
                            BlockStructure::Rectangular,
                            1.0,
                            Par::Seq,
                        )
                    })
                }
                "eigh" => Box::new(move || {
                    black_box(SelfAdjointEigen::new(a.as_ref(), Side::Lower).ok());
                }),
                "svd" => Box::new(move || {
                    black_box(Svd::new(a.as_ref()).ok());
                }),
                "cholesky" => Box::new(move || {
                    black_box(Llt::new(a.as_ref(), Side::Lower).ok());
                }),
                "solve" => {
                    let b = of(o.shape_b(), o.b);
                    Box::new(move || {
                        black_box(PartialPivLu::new(a.as_ref()).solve(&b));
                    })
                }
                _ => return None,
            })
        }
    };
}
faer_runs!(faer_f32, f32);
faer_runs!(faer_f64, f64);

macro_rules! nalgebra_runs {
    ($name:ident, $t:ty) => {
        fn $name(task: &str, o: &Operands) -> Option<Run> {
            let of = |(n, p): (usize, usize), data: &[f64]| DMatrix::<$t>::from_fn(n, p, |i, j| data[i * p + j] as $t);
            let a = of(o.shape_a(), o.a);
            Some(match task {
                "matmul" => {
                    let b = of(o.shape_b(), o.b);
                    let mut c = DMatrix::<$t>::zeros(a.nrows(), b.ncols());
                    Box::new(move || c.gemm(1.0, &a, &b, 0.0))
                }
                "crossProduct" => {
                    let b = of(o.shape_b(), o.b);
                    let mut c = DMatrix::<$t>::zeros(a.ncols(), b.ncols());
                    Box::new(move || c.gemm_tr(1.0, &a, &b, 0.0))
                }
                "gram" => {
                    let mut c = DMatrix::<$t>::zeros(a.ncols(), a.ncols());
                    Box::new(move || c.gemm_tr(1.0, &a, &a, 0.0))
                }
                "eigh" => Box::new(move || {
                    black_box(a.clone().symmetric_eigen());
                }),
                "svd" => Box::new(move || {
                    black_box(a.clone().svd(true, true));
                }),
                "cholesky" => Box::new(move || {
                    black_box(a.clone().cholesky());
                }),
                "solve" => {
                    let b = DVector::<$t>::from_iterator(o.b.len(), o.b.iter().map(|&v| v as $t));
                    Box::new(move || {
                        black_box(a.clone().lu().solve(&b));
                    })
                }
                _ => return None,
            })
        }
    };
}
nalgebra_runs!(nalgebra_f32, f32);
nalgebra_runs!(nalgebra_f64, f64);

fn wide_f32(task: &str, o: &Operands) -> Option<Run> {
    let x: Vec<wide::f32x4> = o.a.chunks_exact(4).map(|c| wide::f32x4::from([c[0] as f32, c[1] as f32, c[2] as f32, c[3] as f32])).collect();
    let mut y = x.clone();
    Some(match task {
        "exp" => Box::new(move || {
            for (to, from) in y.iter_mut().zip(&x) {
                *to = from.exp();
            }
            black_box(&y);
        }),
        "log" => Box::new(move || {
            for (to, from) in y.iter_mut().zip(&x) {
                *to = from.ln();
            }
            black_box(&y);
        }),
        _ => return None,
    })
}

/// A task on its operands.
#[wasm_bindgen]
pub struct Bench {
    run: Option<Run>,
}

#[wasm_bindgen]
impl Bench {
    /// `task` is the library and the task, `faer matmul`; `sizes` the shapes of the operands, one after the other.
    #[wasm_bindgen(constructor)]
    pub fn new(task: &str, dtype: &str, sizes: &[u32], a: &[f64], b: &[f64]) -> Bench {
        let sizes: Vec<usize> = sizes.iter().map(|&s| s as usize).collect();
        let o = Operands { sizes: &sizes, a, b };
        let (library, what) = task.split_once(' ').unwrap_or((task, ""));
        let run = match (library, dtype) {
            ("faer", "float32") => faer_f32(what, &o),
            ("faer", "float64") => faer_f64(what, &o),
            ("nalgebra", "float32") => nalgebra_f32(what, &o),
            ("nalgebra", "float64") => nalgebra_f64(what, &o),
            ("wide", "float32") => wide_f32(what, &o),
            _ => None,
        };
        Bench { run }
    }

    /// Whether the library has the task.
    #[wasm_bindgen(getter)]
    pub fn known(&self) -> bool {
        self.run.is_some()
    }

    pub fn run(&mut self) {
        if let Some(run) = &mut self.run {
            run();
        }
    }
}
