/// Shapes, and how their elements lie in linear memory.
///
/// ```java
/// Layout rows = Layout.contiguous(Shape.of(2, 3));               // (2, 3) strides [3, 1] offset 0
/// Layout columns = rows.transpose(0, 1);                         // (3, 2) strides [1, 3] offset 0
/// Layout second = rows.slice(1, 1, 1);                           // (2, 1) strides [3, 1] offset 1
/// Layout stretched = second.broadcastTo(Shape.of(2, 4));         // (2, 4) strides [3, 0] offset 1
/// Shape met = Broadcast.shape("add", Shape.of(4, 1, 3), Shape.of(2, 3)); // (4, 2, 3)
/// ```
///
/// The key idea: an element's place is a sum of index times stride. Transposing, slicing and stretching only change the
/// strides and the offset, so they cost nothing and touch no element. Read [Shape] first, then [Layout].
package torrefy.core.shape;
