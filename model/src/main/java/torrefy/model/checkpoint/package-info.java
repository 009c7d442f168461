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
/// there before anything is allocated or read. Read [SafetensorsReader] first: it states the format.
/// [HuggingFaceFolder] keeps
/// a whole model.
package torrefy.model.checkpoint;
