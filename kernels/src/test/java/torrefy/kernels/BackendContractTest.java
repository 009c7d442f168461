package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

@EveryColumn
class BackendContractTest {

    private final Column column;

    BackendContractTest(Column column) {
        this.column = column;
    }

    @Test
    void aBackendSaysWhatItIs() {
        try (Backend backend = column.provider().create(3)) {
            assertTrue(column.provider().name().startsWith(backend.name()), backend.name());
            assertEquals(1, backend.description().lines().count());
            assertEquals(3, backend.threads());
            if (column.isOnHost()) {
                assertTrue(backend.description().contains("3 threads"), backend.description());
            }
        }
    }

    @Test
    void buffersBeginWithZeros() {
        for (DataType type : DataType.values()) {
            Buffer buffer = column.backend().allocate(type, 7);
            assertEquals(type, buffer.type());
            assertEquals(7, buffer.length());
        }
        float[] read = {1, 1, 1};
        column.backend().download(NdArray.of(column.backend().allocate(DataType.F32, 3), Shape.of(3)), read, 0);
        assertArrayEquals(new float[3], read);
    }

    @Test
    void whatIsUploadedCanBeDownloaded() {
        float[] floats = {1, 2, 3};
        int[] ints = {4, 5, 6};
        float[] floatsBack = new float[5];
        int[] intsBack = new int[5];
        column.backend().download(NdArray.of(column.backend().upload(floats), Shape.of(3)), floatsBack, 1);
        column.backend().download(NdArray.of(column.backend().upload(ints), Shape.of(3)), intsBack, 2);
        assertArrayEquals(new float[] {0, 1, 2, 3, 0}, floatsBack);
        assertArrayEquals(new int[] {0, 0, 4, 5, 6}, intsBack);
    }

    @Test
    void whatIsUploadedIntoAnArrayIsThere() {
        NdArray all = NdArray.of(column.backend().upload(new int[] {1, 2, 3, 4, 5}), Shape.of(5));
        NdArray middle = all.with(all.layout().slice(0, 1, 3));
        column.backend().upload(new int[] {7, 8, 9}, middle);
        int[] read = new int[5];
        column.backend().download(all, read, 0);
        assertArrayEquals(new int[] {1, 7, 8, 9, 5}, read);
        column.backend().upload(new int[] {5, 4, 3, 2, 1}, all);
        column.backend().download(all, read, 0);
        assertArrayEquals(new int[] {5, 4, 3, 2, 1}, read);
    }

    @Test
    void noThreadsAreRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> column.provider().create(0))
                .getMessage();
        assertEquals("threads must be at least 1, got 0", message);
    }
}
