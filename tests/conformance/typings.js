// Dumps what Tencent's typings say, as JSON on stdout; typings.py runs it.  TypeScript's own compiler reads them, so
// that generic options, inherited fields and callback types come out as a developer's editor sees them.
//
//     node typings.js NODE_MODULES OBJECT...
//
// {functions: {name: callable}, objects: {OBJECT: {methods: {name: callable}, props: [field]}}}
// callable: {options: [field] or null, parameters: [field], success: [field], fail: [field], promise, returns, since}
// field: {name, required, type, kinds, default, since}; kinds are JavaScript's names of types, "Any" for any.

"use strict";
const path = require("path");

const [modules, ...wanted] = process.argv.slice(2);
const ts = require(path.join(modules, "typescript"));
const CALLBACKS = ["success", "fail", "complete"];

const index = path.join(modules, "miniprogram-api-typings", "types", "index.d.ts");
const program = ts.createProgram([index], { lib: ["lib.es2020.d.ts"], types: [], skipLibCheck: true });
const checker = program.getTypeChecker();

function interfaces() {
  const found = {};
  for (const file of program.getSourceFiles()) {
    const visit = (node) => {
      if (ts.isModuleDeclaration(node) && node.name.text === "WechatMiniprogram" && ts.isModuleBlock(node.body)) {
        node.body.statements.filter(ts.isInterfaceDeclaration).forEach((one) => (found[one.name.text] = one));
      }
      if (ts.isSourceFile(node) || ts.isModuleBlock(node)) ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

function documentation(symbol) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker));
}

function match(text, pattern) {
  const found = pattern.exec(text);
  return found ? found[1] : null;
}

const since = (text) => match(text, /需要基础库： `([^`]*)`/);
const byDefault = (text) => match(text, /默认(?:值)?(?:为|是|：|:)\s*([^，。；,;\n]+)/);

function kinds(type, found = new Set()) {
  if (type.isUnion()) type.types.forEach((one) => kinds(one, found));
  else if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) found.add("Any");
  else if (type.flags & ts.TypeFlags.TypeParameter) kinds(checker.getBaseConstraintOfType(type) || checker.getAnyType(), found);
  else if (type.flags & ts.TypeFlags.StringLike) found.add("String");
  else if (type.flags & ts.TypeFlags.NumberLike) found.add("Number");
  else if (type.flags & ts.TypeFlags.BooleanLike) found.add("Boolean");
  else if (checker.isArrayType(type) || checker.isTupleType(type)) found.add("Array");
  else if (type.getCallSignatures().length) found.add("Function");
  else if (/Buffer|Array$/.test(type.symbol ? type.symbol.name : "")) found.add("ArrayBuffer");
  else if (!(type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void))) found.add("Object");
  return found;
}

function field(symbol) {
  const declared = symbol.valueDeclaration || symbol.declarations[0];
  const text = documentation(symbol);
  return {
    name: symbol.name,
    required: !(symbol.flags & ts.SymbolFlags.Optional),
    type: declared.type ? declared.type.getText().replace(/\s+/g, " ") : "",
    kinds: [...kinds(checker.getTypeOfSymbolAtLocation(symbol, declared))].sort(),
    default: byDefault(text),
    since: since(text),
  };
}

function fieldsOf(type) {
  const plain = type.flags & ts.TypeFlags.TypeParameter ? checker.getBaseConstraintOfType(type) : type;
  return plain && plain.getCallSignatures().length === 0 ? plain.getProperties().map(field) : [];
}

function resultOf(option, callback) {
  const symbol = option && option.getProperty(callback);
  if (!symbol) return [];
  const declared = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration));
  const [signature] = declared.getCallSignatures();
  const [result] = signature ? signature.parameters : [];
  return result ? fieldsOf(checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(result, result.valueDeclaration))) : [];
}

function optionOf(signature) {
  // The type of the object parameter, if that is how the function takes its options.
  const [parameter, ...others] = signature.parameters;
  if (!parameter || others.some((one) => !checker.isOptionalParameter(one.valueDeclaration))) return null;
  const declared = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, parameter.valueDeclaration));
  const type = declared.flags & ts.TypeFlags.TypeParameter ? checker.getBaseConstraintOfType(declared) : declared;
  return [...kinds(type)].join() === "Object" ? type : null;
}

function callable(symbol) {
  const type = checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration || symbol.declarations[0]);
  const signatures = type.getCallSignatures();
  if (!signatures.length) return null;
  const signature = signatures[0];
  const option = optionOf(signature);
  const returns = signature.declaration.type ? signature.declaration.type.getText().replace(/\s+/g, " ") : "void";
  return {
    options: option ? fieldsOf(option).filter((one) => !CALLBACKS.includes(one.name)) : null,
    parameters: signature.parameters.map(field),
    success: resultOf(option, "success"),
    fail: resultOf(option, "fail"),
    promise: /^(Promise|Promisify)/.test(returns),
    returns,
    since: since(documentation(symbol)),
  };
}

function members(declaration) {
  const found = { methods: {}, props: [] };
  for (const symbol of checker.getTypeAtLocation(declaration.name).getProperties()) {
    const method = callable(symbol);
    if (method) found.methods[symbol.name] = method;
    else found.props.push(field(symbol));
  }
  return found;
}

const all = interfaces();
const objects = {};
wanted.filter((name) => name in all).forEach((name) => (objects[name] = members(all[name])));
process.stdout.write(JSON.stringify({ functions: members(all.Wx).methods, objects }));
