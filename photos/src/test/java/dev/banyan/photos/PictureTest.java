package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PictureTest {
    @ParameterizedTest
    @CsvSource({"jpg,JPEG", "png,PNG", "gif,GIF"})
    void knowsTheKindByItsBytes_andMakesASmallJpeg(String format, Picture.Kind kind) throws IOException {
        Picture picture = Picture.of(TestPicture.encoded(format, 2000, 1000, 3));
        assertThat(picture.kind()).isEqualTo(kind);
        assertThat(picture.width()).isEqualTo(2000);
        assertThat(picture.height()).isEqualTo(1000);
        BufferedImage small = ImageIO.read(new ByteArrayInputStream(picture.thumbnail().bytes()));
        assertThat(small.getWidth()).isEqualTo(720);
        assertThat(small.getHeight()).isEqualTo(360);
    }

    @Test
    void readsTheSizeOfAWebp_andKeepsItAsItsOwnThumbnail() {
        byte[] webp = new byte[40];
        System.arraycopy("RIFF____WEBPVP8X".getBytes(StandardCharsets.US_ASCII), 0, webp, 0, 16);
        webp[24] = 0x7F; // 128 - 1
        webp[27] = 0x3F; // 64 - 1
        Picture picture = Picture.of(webp);
        assertThat(picture.width()).isEqualTo(128);
        assertThat(picture.height()).isEqualTo(64);
        assertThat(picture.thumbnail().bytes()).isSameAs(picture.bytes());
    }

    @Test
    void refusesWhatIsNoPicture() {
        assertStatus(415, "<svg onload=alert(1)>".getBytes(StandardCharsets.US_ASCII));
        assertStatus(415, new byte[0]);
        assertStatus(413, new byte[Picture.MOST_BYTES + 1]);
        assertStatus(422, Arrays.copyOf("GIF89a".getBytes(StandardCharsets.US_ASCII), 10));
    }

    @Test
    void refusesAPictureThatSaysItIsHuge_withoutDecodingIt() {
        byte[] png = TestPicture.encoded("png", 10, 10, 1);
        for (int at : new int[] {16, 20}) {
            System.arraycopy(new byte[] {0, 0, (byte) 0xFF, 0}, 0, png, at, 4);
        }
        assertStatus(422, png);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsTheRotationAndDropsThePlace(int orientation) {
        byte[] plain = TestPicture.encoded("jpg", 64, 48, 3);
        byte[] withExif = withExif(plain, orientation, "GPS 52.5N 13.4E");
        Picture picture = Picture.of(withExif);
        assertThat(new String(picture.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("GPS");
        assertThat(JpegMetadata.rotation(picture.bytes())).isEqualTo(new Rotation(orientation));
        assertThat(picture.width()).isEqualTo(orientation >= 5 ? 48 : 64);
        assertThat(picture.thumbnail().kind()).isEqualTo(Picture.Kind.JPEG);
    }

    @Test
    void leavesAJpegWithoutMetadataAsItIs() {
        byte[] plain = TestPicture.jpeg(1);
        assertThat(Picture.of(plain).bytes()).isSameAs(plain);
    }

    @Test
    void damagedFilesAreRefusedAndNothingElse() {
        SplittableRandom random = new SplittableRandom(3);
        byte[][] seeds = {withExif(TestPicture.jpeg(2), 6, "x"), TestPicture.encoded("png", 40, 30, 1), TestPicture.encoded("gif", 40, 30, 1)};
        for (int i = 0; i < 600; i++) {
            byte[] bytes = seeds[i % 3].clone();
            for (int j = 0; j < 4; j++) {
                bytes[random.nextInt(4, bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(1, bytes.length + 1));
            try {
                Picture.of(i % 2 == 0 ? bytes : cut).thumbnail();
            } catch (Problem expected) {
                assertThat(expected.status()).isIn(415, 422);
            }
        }
    }

    private static void assertStatus(int status, byte[] bytes) {
        assertThatThrownBy(() -> Picture.of(bytes)).isInstanceOfSatisfying(Problem.class, it -> assertThat(it.status()).isEqualTo(status));
    }

    /** Puts a little-endian Exif segment behind the start marker, as cameras do. */
    private static byte[] withExif(byte[] jpeg, int orientation, String remark) {
        ByteArrayOutputStream exif = new ByteArrayOutputStream();
        exif.writeBytes("Exif\0\0II*\0\b\0\0\0\1\0".getBytes(StandardCharsets.US_ASCII));
        exif.writeBytes(new byte[] {0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte) orientation, 0, 0, 0, 0, 0, 0, 0});
        exif.writeBytes(remark.getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE1, (byte) (exif.size() + 2 >> 8), (byte) (exif.size() + 2)});
        out.writeBytes(exif.toByteArray());
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }
}
