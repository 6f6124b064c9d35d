// bifold/cluster
export { KMeans, type KMeansParams } from "./kmeans.js";
