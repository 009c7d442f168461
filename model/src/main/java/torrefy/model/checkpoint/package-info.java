/// Files that hold a model's weights, to be read by this library and by others.
///
/// ```java
/// SafetensorsWriter.write(path, Map.of(), List.of(SafetensorsWriter.Entry.of("weight", NdArray.of(values, 2, 3))));
/// try (SafetensorsReader reader = SafetensorsReader.open(path)) {
///     System.out.println(reader.names() + " " + reader.tensor("weight").shape());
///     float[] weight = reader.readFloats("weight");
/// }
/// ```
///
/// The key idea: a file is somebody else's word. Everything its header claims is checked against the bytes that are
/// there before anything is allocated or read. Others' files differ in names and in the order of numbers; a list of
/// [Counterpart]s says how, and serves both ways.
///
/// Read [SafetensorsReader] first: it states the format. Whole models are kept by [HuggingFaceFolder], [GgufFile] and
/// [LlmcCheckpoint]. A [Checkpoint] keeps a whole run, so that it can go on after its process was killed:
/// [CheckpointWriter] writes one beside the steps, [CheckpointFolder] finds the last that is good, [RunFacts] tells
/// whether it is the same run.
package torrefy.model.checkpoint;
