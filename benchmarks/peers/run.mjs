// Judges patients by CQL: node run.mjs PACKAGES CQL BUNDLES. PACKAGES is the folder with node_modules, CQL one with
// Criteria.cql, what it includes and its valuesets.json, BUNDLES a file with a Bundle of one patient in each line. Prints one line for each
// answer and last the seconds that compiling the rules, reading the Bundles and judging took.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, folder, bundles] = process.argv.slice(2);
const require = createRequire(path.join(packages, "package.json"));
const engine = require("cql-execution");
const fhir = require("cql-exec-fhir");
const translator = await import(pathToFileURL(path.join(packages, "node_modules/@cqframework/cql/cql-to-elm.mjs")).href);

const text = (file) => fs.readFileSync(file, "utf8");
const models = {
  System: path.join(folder, "system-modelinfo.xml"),
  FHIR: path.join(packages, "node_modules/cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml"),
};

function compiled(name) {
  const manager = new translator.ModelManager();
  const model = (id) => (id in models ? translator.stringAsSource(text(models[id])) : null);
  manager.modelInfoLoader.registerModelInfoProvider(translator.createModelInfoProvider(model));
  const libraries = new translator.LibraryManager(manager);
  const library = (id) => translator.stringAsSource(text(path.join(folder, `${id}.cql`)));
  libraries.librarySourceLoader.registerProvider(translator.createLibrarySourceProvider(library));
  const found = translator.CqlTranslator.fromText(text(path.join(folder, `${name}.cql`)), libraries);
  const faults = found.exceptions.asJsReadonlyArrayView().filter((one) => String(one.severity) === "Error");
  if (faults.length) throw new Error(`${name}.cql: ${faults.map((one) => one.message).join("; ")}`);
  return JSON.parse(found.toJson());
}

const seconds = { compiling: 0, reading: 0, judging: 0 };
let since = performance.now();
function spent(on) {
  const now = performance.now();
  seconds[on] += (now - since) / 1000;
  since = now;
}

const facts = compiled("Facts");
const criteria = new engine.Library(compiled("Criteria"), new engine.Repository({ Facts: facts }));
const codes = new engine.CodeService(JSON.parse(text(path.join(folder, "valuesets.json"))));
const executor = new engine.Executor(criteria, codes);
const patients = fhir.PatientSource.FHIRv401(); // reads the model of FHIR, which takes longer than many patients
spent("compiling");

const lines = text(bundles).split("\n").filter(Boolean);
for (const line of lines) {
  patients.reset();
  patients.loadBundles([JSON.parse(line)]);
  spent("reading");
  const results = await executor.exec(patients);
  spent("judging");
  for (const [patient, found] of Object.entries(results.patientResults)) {
    for (const one of found.Answers) console.log(JSON.stringify({ patient, ...one }));
  }
}
console.log(JSON.stringify({ ...seconds, patients: lines.length }));
